#include "crypto/pdf_signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace probatio::crypto {
namespace {

constexpr std::string_view kByteRange = "/ByteRange";
constexpr std::string_view kContents = "/Contents";
constexpr std::string_view kSubFilter = "/SubFilter";
constexpr std::string_view kDocumentTimestamp = "/ETSI.RFC3161";
constexpr std::string_view kSpace{"\0\t\n\f\r ", 6};  // ISO 32000-1 table 1

struct Range {
  std::size_t at = 0;  // of the key /ByteRange
  std::size_t gap_begin = 0;
  std::size_t gap_end = 0;
  std::size_t end = 0;
};

std::size_t SkipSpace(std::string_view text, std::size_t at) {
  const std::size_t next = text.find_first_not_of(kSpace, at);
  return next == std::string_view::npos ? text.size() : next;
}

std::optional<std::size_t> ReadNumber(std::string_view text, std::size_t& at) {
  at = SkipSpace(text, at);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  at = static_cast<std::size_t>(end - text.data());
  return number;
}

// What the ranges leave out is <hex> and follows /Contents.
bool IsContents(std::string_view text, const Range& range) {
  const std::string_view gap = text.substr(range.gap_begin, range.gap_end - range.gap_begin);
  if (gap.size() < 2 || gap.front() != '<' || gap.back() != '>') return false;
  if (gap.substr(1, gap.size() - 2).find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
    return false;
  const std::size_t key_end = text.substr(0, range.gap_begin).find_last_not_of(kSpace);
  return key_end != std::string_view::npos && text.substr(0, key_end + 1).ends_with(kContents);
}

// [0 a b c]: the file's start up to a, and c bytes from b.
Result<Range> ReadRange(std::string_view text, std::size_t at) {
  const auto wrong = [at](std::string_view what) {
    return Invalid(fmt::format("ByteRange at offset {}: {}", at, what));
  };
  std::size_t next = SkipSpace(text, at + kByteRange.size());
  if (next == text.size() || text[next++] != '[') return wrong("no array");
  std::size_t numbers[4];
  for (std::size_t& number : numbers) {
    const std::optional<std::size_t> read = ReadNumber(text, next);
    if (!read) return wrong("not four numbers");
    number = *read;
  }
  next = SkipSpace(text, next);
  if (next == text.size() || text[next] != ']') return wrong("not four numbers");
  const auto [first, size, second, rest] = numbers;
  if (first != 0) return wrong("does not begin at the file's start");
  if (second > text.size() || rest > text.size() - second) return wrong("leaves the file");
  if (second <= size) return wrong("ranges overlap");
  const Range range{at, size, second, second + rest};
  if (at + kByteRange.size() > range.end || (at >= size && at < second))
    return wrong("does not cover itself");
  if (!IsContents(text, range)) return wrong("leaves out something else than the string of /Contents");
  return range;
}

// The name after /SubFilter in the object that holds both the range and the string. A look-alike in a string
// of the same object is signed too: who wrote it is the signer.
Result<std::string_view> ReadSubFilter(std::string_view text, const Range& range) {
  const std::size_t low = std::min(range.at, range.gap_begin);
  const std::size_t begin = text.rfind(" obj", low);
  const std::size_t end = text.find("endobj", std::max(range.at, range.gap_end));
  if (begin == std::string_view::npos || end == std::string_view::npos)
    return Invalid("signature dictionary: in no object");
  const std::string_view object = text.substr(begin, end - begin);
  if (object.find("endobj") != std::string_view::npos)
    return Invalid("signature dictionary: ByteRange and Contents are in different objects");
  const std::size_t key = object.find(kSubFilter);
  if (key == std::string_view::npos || object.find(kSubFilter, key + 1) != std::string_view::npos)
    return Invalid("signature dictionary: not exactly one SubFilter");
  const std::size_t name = SkipSpace(object, key + kSubFilter.size());
  const std::size_t name_end = object.find_first_of(std::string_view("\0\t\n\f\r />[(<", 11), name + 1);
  return object.substr(name, name_end - name);
}

Result<std::vector<Range>> FindAll(std::string_view text) {
  std::vector<Range> all;
  for (std::size_t at = 0; (at = text.find(kByteRange, at)) != std::string_view::npos; ++at) {
    if (all.size() == kPdfSignaturesMax) return Invalid("more than 32 signatures");
    const Range range = TRY(ReadRange(text, at));
    for (const Range& other : all) {
      if (range.end == other.end) return Invalid("two signatures over the same revision");
    }
    all.push_back(range);
  }
  if (all.empty()) return Invalid("holds no signature");
  std::sort(all.begin(), all.end(), [](const Range& a, const Range& b) { return a.end < b.end; });
  return all;
}

Result<std::vector<Range>> FindAll(Bytes pdf) {
  if (!AsText(pdf).starts_with("%PDF-")) return Invalid("no PDF");
  return FindAll(AsText(pdf));
}

// The last that is no document time-stamp.
Result<Range> FindSigned(std::string_view text, const std::vector<Range>& all) {
  for (auto range = all.rbegin(); range != all.rend(); ++range) {
    const std::string_view kind = TRY(ReadSubFilter(text, *range));
    if (kind != kDocumentTimestamp) return *range;
  }
  return Invalid("holds document time-stamps and no signature");
}

Result<PdfSignature> Find(Bytes pdf) {
  const std::vector<Range> all = TRY(FindAll(pdf));
  const std::string_view text = AsText(pdf);
  const Range range = all.back();
  if (range.end != pdf.size()) {
    return CryptoError(fmt::format("{} bytes were added after the last signature, which covers the first {}",
                                   pdf.size() - range.end, range.end));
  }
  const std::string_view kind = TRY(ReadSubFilter(text, range));
  if (kind == kDocumentTimestamp) {
    const Range before = TRY(FindSigned(text, all));
    return Invalid(fmt::format(
        "the last signature is a document time-stamp; the signature before it covers the first {} bytes",
        before.end));
  }
  if (kind != "/ETSI.CAdES.detached" && kind != "/adbe.pkcs7.detached")
    return Invalid("SubFilter is neither ETSI.CAdES.detached nor adbe.pkcs7.detached");
  PdfSignature found;
  found.pades = kind == "/ETSI.CAdES.detached";
  const std::string_view hex = text.substr(range.gap_begin + 1, range.gap_end - range.gap_begin - 2);
  found.cms = TRY_IN("Contents", FromHex(hex));
  found.content = ToBuffer(pdf.first(range.gap_begin));
  const Bytes rest = pdf.subspan(range.gap_end);
  found.content.insert(found.content.end(), rest.begin(), rest.end());
  return found;
}

}  // namespace

Result<PdfSignature> FindPdfSignature(Bytes pdf) {
  if (pdf.size() > kPdfBytesMax) return Invalid("pdf: longer than 64 MiB");
  PdfSignature found = TRY_IN("pdf", Find(pdf));
  return found;
}

Result<std::size_t> SignedRevision(Bytes pdf) {
  if (pdf.size() > kPdfBytesMax) return Invalid("pdf: longer than 64 MiB");
  const std::vector<Range> all = TRY_IN("pdf", FindAll(pdf));
  const Range range = TRY_IN("pdf", FindSigned(AsText(pdf), all));
  return range.end;
}

}  // namespace probatio::crypto
