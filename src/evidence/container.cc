// ZIP by libzip, in memory (docs/formats/evidence.md): the one file of the house that includes it.
// Thread-safe.
#include "evidence/container.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/utf8.h"

namespace probatio::evidence {
namespace {

// 1980-01-01 00:00:00, the first instant that a ZIP can say. A real date would add nothing that the
// signature's time-stamp does not prove better, and would make two equal packages differ.
constexpr zip_uint16_t kDosTime = 0;
constexpr zip_uint16_t kDosDate = (1 << 5) | 1;
constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kLocalHeaderBytes = 30;

struct ZipDiscard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FileClose {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
struct SourceFree {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, ZipDiscard>;
using Source = std::unique_ptr<zip_source_t, SourceFree>;

Error ZipError(zip_t* archive, const std::string& doing) {
  return Invalid("container: " + doing + ": " + zip_strerror(archive));
}

// Takes the finished archive out of its in-memory source.
Result<Buffer> Finish(Archive archive, zip_source_t* source) {
  if (zip_close(archive.get()) != 0) return ZipError(archive.get(), "cannot be written");
  (void)archive.release();  // zip_close freed it
  zip_stat_t status;
  if (zip_source_open(source) != 0 || zip_source_stat(source, &status) != 0) {
    return Invalid("container: cannot be read back");
  }
  Buffer file(static_cast<std::size_t>(status.size));
  const zip_int64_t read = zip_source_read(source, file.data(), file.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(file.size())) return Invalid("container: cannot be read back");
  return file;
}

Status AddMember(zip_t* archive, const Member& member) {
  zip_source_t* content = zip_source_buffer(archive, member.content.data(), member.content.size(), 0);
  if (content == nullptr) return ZipError(archive, member.name);
  const zip_int64_t index = zip_file_add(archive, member.name.c_str(), content, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(content);
    return ZipError(archive, member.name);
  }
  const auto at = static_cast<zip_uint64_t>(index);
  if (zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive, at, kDosTime, kDosDate, 0) != 0) {
    return ZipError(archive, member.name);
  }
  return Done{};
}

// A name that could leave the folder into which somebody unpacks, or be read as two things.
Status CheckName(const std::string& name) {
  if (name.empty() || name.size() > kNameBytesMax)
    return Invalid("container: a member's name is empty or too long");
  // Names are read as they stand: an older code page would let one name be read as two.
  TRY_IN("container: a member's name", CheckText(name));
  const bool drive = name.size() > 1 && name[1] == ':';
  if (name.front() == '/' || name.find('\\') != std::string::npos || drive) {
    return Invalid(fmt::format("container: member '{}' has an absolute or foreign path", name));
  }
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    const bool folder_mark = part.empty() && begin == name.size() && begin != 0;  // "META-INF/"
    if (part == ".." || part == "." || (part.empty() && !folder_mark)) {
      return Invalid(fmt::format("container: member '{}' escapes its folder", name));
    }
    begin = end + 1;
  }
  return Done{};
}

Status CheckStat(const zip_stat_t& status, const std::string& name) {
  constexpr zip_uint64_t kNeeded =
      ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((status.valid & kNeeded) != kNeeded)
    return Invalid(fmt::format("container: member '{}' has no sizes", name));
  if (status.encryption_method != ZIP_EM_NONE)
    return Invalid(fmt::format("container: member '{}' is encrypted", name));
  if (status.size > kMemberBytesMax) {
    return Invalid(fmt::format("container: member '{}' is larger than {} bytes", name, kMemberBytesMax));
  }
  if (status.size / kExpansionMax > status.comp_size + 1) {
    return Invalid(
        fmt::format("container: member '{}' expands more than {} times: a zip bomb", name, kExpansionMax));
  }
  return Done{};
}

Result<Buffer> ReadMember(zip_t* archive, zip_uint64_t index, const std::string& name, std::size_t size) {
  const std::unique_ptr<zip_file_t, FileClose> file(zip_fopen_index(archive, index, 0));
  if (!file) return ZipError(archive, fmt::format("member '{}' cannot be opened", name));
  Buffer content(size);
  std::size_t done = 0;
  while (done < size) {
    const zip_int64_t read = zip_fread(file.get(), content.data() + done, size - done);
    if (read <= 0) return Invalid(fmt::format("container: member '{}' is damaged", name));
    done += static_cast<std::size_t>(read);
  }
  std::uint8_t beyond = 0;
  // One more read reaches the end and with it the checksum.
  if (zip_fread(file.get(), &beyond, 1) != 0)
    return Invalid(fmt::format("container: member '{}' is damaged", name));
  return content;
}

}  // namespace

Result<Buffer> WriteContainer(std::span<const Member> members) {
  CHECK(!members.empty() && members.front().name == "mimetype");
  std::set<std::string> names;
  for (const Member& member : members) CHECK(names.insert(member.name).second);

  zip_error_t error;
  zip_error_init(&error);
  const Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!source) return Invalid("container: no memory");
  zip_source_keep(source.get());  // zip_close gives one reference up, and we still read from it
  Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(source.get());
    return Invalid(std::string("container: ") + zip_error_strerror(&error));
  }
  for (const Member& member : members) TRY(AddMember(archive.get(), member));
  return Finish(std::move(archive), source.get());
}

Result<std::vector<Member>> ReadContainer(Bytes file) {
  if (file.size() > kContainerBytesMax) return Invalid("container: larger than this version reads");
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  if (source == nullptr) return Invalid("container: no memory");
  const Archive archive(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!archive) {
    zip_source_free(source);
    return Invalid(std::string("container: not a readable ZIP: ") + zip_error_strerror(&error));
  }
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count < 0 || static_cast<std::size_t>(count) > kMembersMax) {
    return Invalid(fmt::format("container: more than {} members", kMembersMax));
  }
  if (count == 0) return Invalid("container: holds nothing");  // an empty file reads as an empty archive
  std::vector<Member> members;
  std::set<std::string> names;
  std::size_t total = 0;
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    zip_stat_t status;
    if (zip_stat_index(archive.get(), index, ZIP_FL_ENC_RAW, &status) != 0)
      return ZipError(archive.get(), "a member");
    const std::string name = status.name == nullptr ? "" : status.name;
    TRY(CheckName(name));
    if (!names.insert(name).second)
      return Invalid(fmt::format("container: member '{}' stands in it twice", name));
    TRY(CheckStat(status, name));
    total += static_cast<std::size_t>(status.size);
    if (total > kContainerBytesMax)
      return Invalid("container: its members are larger than this version reads");
    Buffer content = TRY(ReadMember(archive.get(), index, name, static_cast<std::size_t>(status.size)));
    members.push_back({name, std::move(content)});
  }
  return members;
}

Status CheckCanonical(Bytes file, std::span<const Member> members) {
  if (members.empty() || members.front().name != "mimetype") {
    return CryptoError("container: its first member is not mimetype, so it was not laid out by us");
  }
  const Buffer ours = TRY(WriteContainer(members));
  const auto [at, expected] = std::mismatch(file.begin(), file.end(), ours.begin(), ours.end());
  if (at == file.end() && expected == ours.end()) return Done{};
  const auto offset = static_cast<std::size_t>(at - file.begin());
  // Where the members stand in what we would have written: local headers and contents in order, then the
  // directory.
  std::size_t begin = 0;
  std::string place = "in the central directory";
  for (const Member& member : members) {
    const std::size_t header_end = begin + kLocalHeaderBytes + member.name.size();
    const std::size_t end = header_end + member.content.size();
    if (offset < end) {
      place = (offset < header_end ? "in the header of " : "in ") + member.name;
      break;
    }
    begin = end;
  }
  return CryptoError(fmt::format("container: byte {}, {}, is not as written", offset, place));
}

}  // namespace probatio::evidence
