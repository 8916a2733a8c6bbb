// The canonical bytes of a face: what a commitment is computed over (docs/formats/record.md).
// Pure. Thread-safe.
#pragma once

#include <set>

#include "record/field.h"

namespace probatio::record {

inline constexpr std::size_t kTextBytesMax = 1024;    // one text field; longer is refused at the door
inline constexpr std::size_t kTextListMax = 64;       // entries of one list field
inline constexpr std::size_t kFaceBytesMax = 65'535;  // one face, and one encoded record

// One face: kind u8, face u8, then each present field in ascending FieldId: id u8, length, value.
// Numbers are big-endian, instants i64 ns; an address is its octets; a list is (u16 length, text)*. A short
// form, because hashing faces is the dearest stage of ingest: that of a NAT event fits one block of SHA-256.
// The record has passed CheckRecord: a text or list too long for its length field is a bug of the caller
// (CHECK).
Buffer FaceBytes(const Record& record, Face face);

// The fields of one face back from its canonical bytes; other fields stay empty. Refuses anything that
// FaceBytes would not have written, naming field and offset (kInvalid).
Result<Record> ParseFaceBytes(Bytes bytes);

// A whole record: the same encoding with face 0 and every field. Used inside journals and blocks.
Buffer RecordBytes(const Record& record);

// The head of a field: id, then the length in one octet, or 255 and u16 where it is 255 or more. Shared with
// the block codec, which takes records apart into columns.
inline constexpr std::uint8_t kLongFieldLength = 255;
void WriteFieldHead(std::uint8_t id, std::size_t size, ByteWriter* out);
std::size_t FieldHeadSize(std::size_t size);
Result<std::uint16_t> ReadFieldLength(ByteReader* in);  // kInvalid when it is not written in its one form
Result<Record> ParseRecordBytes(Bytes bytes);

// kInvalid when a text is too long or not UTF-8, a list too long, or an identifying field is missing
// (account, holder). Decoders call it before they hand a record on.
Status CheckRecord(const Record& record);
// The same for a row reduced to some of its faces; the fields of the others are not looked at.
Status CheckFaces(const Record& record, const std::set<Face>& faces);

}  // namespace probatio::record
