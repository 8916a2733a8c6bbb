// One walk over nested DER finds all places at once: what is a list or a response is known by its shape, and
// the standards put them in half a dozen places.
#include "crypto/revocation_values.h"

#include <openssl/asn1.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>

#include "crypto/handle.h"
#include "crypto/inflate.h"

namespace probatio::crypto {
namespace {

constexpr int kDepthMax = 32;  // an attribute within a time-stamp within an attribute lies at 20
constexpr std::size_t kNodesMax = 1U << 16;  // a certificate has 150

constexpr std::size_t kPdfInflatedMax = 256;          // streams that begin with an element
constexpr std::size_t kPdfStreamBytesMax = 4U << 20;  // of one, decompressed

using List = Handle<X509_CRL, X509_CRL_free>;
using Response = Handle<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using Basic = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;

struct Element {
  int tag = 0;
  bool universal = false;
  bool constructed = false;
  Bytes whole;
  Bytes inside;
};

// The element at the start; none where there is no definite length (BER) or it leaves the bytes.
std::optional<Element> FirstOf(Bytes der) {
  const unsigned char* at = der.data();
  long size = 0;
  int tag = 0;
  int kind = 0;
  const int flags = ASN1_get_object(&at, &size, &tag, &kind, static_cast<long>(der.size()));
  ForgetLibraryErrors();
  if ((flags & 0x81) != 0) return std::nullopt;  // 0x80: no element; 0x01: indefinite length
  const std::size_t header = static_cast<std::size_t>(at - der.data());
  const std::size_t length = static_cast<std::size_t>(size);
  return Element{tag, kind == V_ASN1_UNIVERSAL, (flags & V_ASN1_CONSTRUCTED) != 0, der.first(header + length),
                 der.subspan(header, length)};
}

// How long the SEQUENCE is that these first octets open; its end need not be among them.
std::optional<std::size_t> SizeFrom(Bytes start) {
  if (start.size() < 2 || start[0] != 0x30) return std::nullopt;
  if (start[1] < 0x80) return 2U + start[1];
  const std::size_t octets = start[1] & 0x7FU;
  if (octets == 0 || octets > 4 || start.size() < 2 + octets) return std::nullopt;
  std::size_t size = 0;
  for (const std::uint8_t octet : start.subspan(2, octets)) size = size << 8 | octet;
  return 2 + octets + size;
}

bool Is(const std::optional<Element>& element, int tag) {
  return element && element->universal && element->tag == tag;
}

template <class T>
T* DecodeAll(Bytes der, T* (*decode)(T**, const unsigned char**, long)) {
  const unsigned char* at = der.data();
  T* const decoded = decode(nullptr, &at, static_cast<long>(der.size()));
  ForgetLibraryErrors();
  if (decoded != nullptr && at == der.data() + der.size()) return decoded;
  return nullptr;
}

// SEQUENCE { to be signed, algorithm, BIT STRING ...: also the shape of a certificate, which neither takes.
bool LooksSigned(const Element& element) {
  const std::optional<Element> first = FirstOf(element.inside);
  if (!Is(first, V_ASN1_SEQUENCE)) return false;
  const Bytes after_first = element.inside.subspan(first->whole.size());
  const std::optional<Element> second = FirstOf(after_first);
  return Is(second, V_ASN1_SEQUENCE) &&
         Is(FirstOf(after_first.subspan(second->whole.size())), V_ASN1_BIT_STRING);
}

std::optional<RevocationValue> ReadSigned(Bytes whole) {
  if (List(DecodeAll(whole, d2i_X509_CRL)) != nullptr)
    return RevocationValue{RevocationValue::Kind::kList, ToBuffer(whole)};
  if (Basic(DecodeAll(whole, d2i_OCSP_BASICRESP)) != nullptr)
    return RevocationValue{RevocationValue::Kind::kResponse, ToBuffer(whole)};
  return std::nullopt;
}

std::optional<RevocationValue> ReadResponse(Bytes whole) {
  const Response response(DecodeAll(whole, d2i_OCSP_RESPONSE));
  if (response == nullptr || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
    return std::nullopt;
  const Basic basic(OCSP_response_get1_basic(response.get()));
  ForgetLibraryErrors();
  if (basic == nullptr) return std::nullopt;
  return RevocationValue{RevocationValue::Kind::kResponse, EncodeDer(i2d_OCSP_BASICRESP, basic.get())};
}

std::optional<RevocationValue> ReadValue(const Element& element) {
  if (!Is(element, V_ASN1_SEQUENCE)) return std::nullopt;
  if (LooksSigned(element)) return ReadSigned(element.whole);
  if (Is(FirstOf(element.inside), V_ASN1_ENUMERATED)) return ReadResponse(element.whole);
  return std::nullopt;
}

// The element that a compressed stream begins with; nothing where it begins with none, as the text of a page
// does, or with one that is too long. Stored blocks cost five octets in 65 535, so no more input is needed.
Buffer InflateElement(Bytes stream) {
  constexpr std::size_t kHeaderMax = 8;
  constexpr std::size_t kInputStart = 512;
  const Buffer start = InflateStart(stream.first(std::min(stream.size(), kInputStart)), kHeaderMax);
  const std::optional<std::size_t> size = SizeFrom(start);
  if (!size || *size > kPdfStreamBytesMax) return {};
  return InflateStart(stream.first(std::min(stream.size(), *size + *size / 64 + kInputStart)), *size);
}

class Walk {
 public:
  void Visit(Bytes der, int depth = 0) {
    while (!der.empty() && nodes_++ < kNodesMax && found_.size() < kRevocationValuesMax) {
      const std::optional<Element> element = FirstOf(der);
      if (!element) return;
      std::optional<RevocationValue> value = ReadValue(*element);
      if (value) {
        found_.push_back(*std::move(value));
      } else if (element->constructed && depth < kDepthMax) {
        Visit(element->inside, depth + 1);
      }
      der = der.subspan(element->whole.size());
    }
  }

  std::vector<RevocationValue> Take() { return std::move(found_); }

 private:
  std::size_t nodes_ = 0;
  std::vector<RevocationValue> found_;
};

Result<std::vector<RevocationValue>> ReadPemLists(Bytes file) {
  const Handle<BIO, BIO_free> bio(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  CHECK(bio != nullptr);
  std::vector<RevocationValue> lists;
  while (true) {
    const List list(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
    ForgetLibraryErrors();
    if (list == nullptr) break;
    if (lists.size() == kRevocationValuesMax) return Invalid("more than 64 lists");
    lists.push_back({RevocationValue::Kind::kList, EncodeDer(i2d_X509_CRL, list.get())});
  }
  if (lists.empty()) return Invalid("holds no revocation list in PEM");
  return lists;
}

Result<std::vector<RevocationValue>> ReadFile(Bytes file) {
  if (AsText(file).find("-----BEGIN ") != std::string_view::npos && (file.empty() || file[0] != 0x30))
    return ReadPemLists(file);
  const std::optional<Element> element = FirstOf(file);
  if (!element) return Invalid("neither a revocation list nor an OCSP response");
  if (element->whole.size() != file.size()) return Invalid("bytes after its end");
  std::optional<RevocationValue> value = ReadValue(*element);
  if (!value) return Invalid("neither a revocation list nor an OCSP response that answers");
  std::vector<RevocationValue> values;
  values.push_back(*std::move(value));
  return values;
}

}  // namespace

Result<std::vector<RevocationValue>> ReadRevocationFile(Bytes file) {
  if (file.size() > kRevocationFileBytesMax) return Invalid("revocation: longer than 64 MiB");
  std::vector<RevocationValue> values = TRY_IN("revocation", ReadFile(file));
  return values;
}

std::vector<RevocationValue> FindRevocationValues(Bytes der) {
  Walk walk;
  walk.Visit(der);
  return walk.Take();
}

std::vector<RevocationValue> FindPdfRevocationValues(Bytes pdf) {
  constexpr std::string_view kStream = "stream";
  const std::string_view text = AsText(pdf);
  Walk walk;
  std::size_t inflated = 0;
  for (std::size_t at = 0; (at = text.find(kStream, at)) != std::string_view::npos;) {
    at += kStream.size();
    if (text.substr(at).starts_with("\r\n")) ++at;
    if (text.substr(at).starts_with("\n0")) {  // 0 is 0x30, a SEQUENCE
      const std::optional<Element> element = FirstOf(pdf.subspan(at + 1));
      if (!element) continue;
      walk.Visit(element->whole);
      at += element->whole.size();  // what lies within was seen: no byte is read for two streams
    } else if (text.substr(at).starts_with("\nx") && inflated < kPdfInflatedMax) {  // x is 0x78, zlib
      const Buffer element = InflateElement(pdf.subspan(at + 1));
      if (element.empty()) continue;
      ++inflated;
      walk.Visit(element);
    }
  }
  return walk.Take();
}

}  // namespace probatio::crypto
