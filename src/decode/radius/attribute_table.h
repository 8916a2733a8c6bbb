// The attributes that are read, once for packets and for `detail` files: number, name, form, and the field of
// Accounting they fill. Every other attribute is passed over. Pure; thread-safe.
#pragma once

#include "decode/radius/accounting.h"

namespace probatio::decode {

// kInvalid when the octets have not the form of the attribute; unknown ones are passed over.
Status TakeAttribute(std::uint32_t vendor, std::uint8_t type, Bytes value, Accounting* report);

// The same of an attribute as FreeRADIUS prints it: its name, or "Attr-26.6527.86" for one it does not know;
// the text without its quotes, or 0x and hexadecimal digits. Names of versions 3 and 4.
Status TakePrinted(std::string_view name, std::string_view text, bool quoted, Accounting* report);

}  // namespace probatio::decode
