// Signing and judging ASiC containers (ETSI EN 319 162-1). Signing makes one shape only; judging takes what
// others make: several manifests, mimetype last, percent-encoded names, ASiC-S. Thread-safe.
#include "evidence/asice.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "evidence/asic_manifest.h"

namespace probatio::evidence {
namespace {

constexpr std::string_view kMetaFolder = "META-INF/";

// The unreserved characters of RFC 3986 and the slash: such a name is its own URI.
bool IsPlainName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '/';
  });
}

bool IsIn(std::string_view folder, const std::string& name) {
  return name.size() > folder.size() && name.starts_with(folder);
}

bool IsManifest(const std::string& name) {
  return name.starts_with("META-INF/ASiCManifest") && name.ends_with(".xml");
}

bool IsArchiveManifest(const std::string& name) {
  return name.starts_with("META-INF/ASiCArchiveManifest") && name.ends_with(".xml");
}

bool IsXades(const std::string& name) {
  return IsIn(kMetaFolder, name) && name.find("signatures") != std::string::npos && name.ends_with(".xml");
}

bool IsSignature(const std::string& name) {
  return IsIn(kMetaFolder, name) && name.ends_with(".p7s");
}

// Judges one container, part by part; what does not hold is added to its findings.
class Judge {
 public:
  Judge(SignedContainer& container, std::span<const crypto::Certificate> anchors, Instant now,
        std::span<const crypto::RevocationValue> revocation)
      : container_(container), anchors_(anchors), now_(now), revocation_(revocation) {}

  void Run() {
    CheckMimeType();
    if (IsSimple()) {
      JudgeSimple();
    } else {
      JudgeManifests();
      FindUncovered();
    }
    FindUnjudged();
  }

 private:
  void Finding(const std::string& where, const std::string& what) {
    container_.findings.push_back(where + ": " + what);
  }

  const Member* Find(std::string_view name) const {
    const auto found = std::find_if(container_.members.begin(), container_.members.end(),
                                    [&](const Member& member) { return member.name == name; });
    return found == container_.members.end() ? nullptr : &*found;
  }

  void CheckMimeType() {
    const Member* mimetype = Find("mimetype");
    if (mimetype == nullptr) return Finding("mimetype", "missing");
    mimetype_ = AsText(mimetype->content);
    if (mimetype_ != kMimeType && mimetype_ != kMimeTypeSimple)
      Finding("mimetype", "is not that of an ASiC container");
  }

  bool IsSimple() const {
    if (mimetype_ == kMimeTypeSimple) return true;
    const bool manifest = std::any_of(container_.members.begin(), container_.members.end(),
                                      [](const Member& member) { return IsManifest(member.name); });
    return mimetype_ != kMimeType && !manifest && Find(kSignatureName) != nullptr;
  }

  // A signature or a time-stamp over `content`, by what its name says it is.
  void JudgeSignature(const Member& signature, Bytes content) {
    judged_.insert(signature.name);
    if (signature.name.ends_with(".tst")) return JudgeTimestamp(signature, content);
    Result<crypto::Signature> verified = crypto::VerifyDetached(content, signature.content, anchors_, now_);
    if (!verified.ok()) return Finding(signature.name, verified.error().what());
    JudgeRevocation(signature.name, verified.value());
    container_.signatures.push_back(std::move(verified).value());
  }

  template <class Signed>  // a signature, or a time-stamp that stands alone
  void JudgeRevocation(const std::string& name, const Signed& judged) {
    if (anchors_.empty()) return;  // then nobody says whose certificates these are
    const Result<crypto::RevocationReport> report =
        crypto::JudgeRevocation(judged, anchors_, revocation_, now_);
    if (!report.ok()) return Finding(name, report.error().what());
    crypto::Append(report.value(), &container_.revocation);
  }

  void JudgeTimestamp(const Member& member, Bytes content) {
    const Result<crypto::TimestampToken> token = crypto::ParseTimestamp(member.content);
    if (!token.ok()) return Finding(member.name, token.error().what());
    const Status held = crypto::VerifyTimestamp(token.value(), crypto::Sha256(content), anchors_);
    if (!held.ok()) return Finding(member.name, held.error().what());
    JudgeRevocation(member.name, token.value());
    container_.notes.push_back(member.name + ": time-stamp of " + token.value().at.ToRfc3339());
    stamped_ = true;
  }

  void JudgeReference(const std::string& manifest, const ManifestReference& reference) {
    const Member* member = Find(reference.name);
    if (member == nullptr)
      return Finding(manifest, fmt::format("refers to '{}', which is missing", reference.name));
    covered_.insert(reference.name);
    if (reference.method != kDigestSha256)
      return Finding(manifest, reference.name + ": digest is not SHA-256");
    if (!crypto::Equal(crypto::Sha256(member->content), reference.digest)) {
      Finding(reference.name, "is not the file that was signed: its digest differs from " + manifest);
    }
  }

  void JudgeManifest(const Member& member) {
    const Result<AsicManifest> parsed = ParseManifest(member.content);
    if (!parsed.ok()) return Finding(member.name, parsed.error().what());
    const AsicManifest& manifest = parsed.value();
    const Member* signature = Find(manifest.signature);
    if (signature == nullptr) {
      return Finding(member.name, fmt::format("its signature '{}' is missing", manifest.signature));
    }
    JudgeSignature(*signature, member.content);
    std::set<std::string> names;
    for (const ManifestReference& reference : manifest.references) {
      if (!names.insert(reference.name).second) Finding(member.name, "refers twice to " + reference.name);
      JudgeReference(member.name, reference);
    }
  }

  void JudgeManifests() {
    bool any = false;
    for (const Member& member : container_.members) {
      if (!IsManifest(member.name)) continue;
      any = true;
      JudgeManifest(member);
    }
    const bool xades = std::any_of(container_.members.begin(), container_.members.end(),
                                   [](const Member& member) { return IsXades(member.name); });
    if (!any && !xades) Finding("container", "holds no ASiCManifest, so nothing signs it");
    if (any && container_.signatures.empty() && !stamped_) Finding("container", "no signature holds");
  }

  bool IsData(const Member& member) const {
    return member.name != "mimetype" && !member.name.starts_with(kMetaFolder) && !member.name.ends_with("/");
  }

  void FindUncovered() {
    for (const Member& member : container_.members) {
      if (IsData(member) && !covered_.contains(member.name))
        Finding(member.name, "is covered by no manifest");
    }
  }

  // ASiC-S (clause 4.3): one file, signed or stamped itself.
  void JudgeSimple() {
    const Member* file = nullptr;
    for (const Member& member : container_.members) {
      if (!IsData(member)) continue;
      if (file != nullptr) return Finding(member.name, "is a second file, and ASiC-S holds one");
      file = &member;
    }
    if (file == nullptr) return Finding("container", "holds no file that could be signed");
    bool any = false;
    for (const char* name : {kSignatureName, "META-INF/timestamp.tst"}) {
      const Member* signature = Find(name);
      if (signature == nullptr) continue;
      any = true;
      JudgeSignature(*signature, file->content);
    }
    const bool xades = std::any_of(container_.members.begin(), container_.members.end(),
                                   [](const Member& member) { return IsXades(member.name); });
    if (!any && !xades) Finding("container", "holds no signature and no time-stamp");
  }

  void FindUnjudged() {
    for (const Member& member : container_.members) {
      if (IsXades(member.name)) {
        Finding(member.name, "signed with XAdES, which this version does not judge");
      } else if (IsArchiveManifest(member.name)) {
        container_.notes.push_back(member.name + ": archive manifest, not judged");
      } else if (IsSignature(member.name) && !judged_.contains(member.name)) {
        Finding(member.name, "belongs to no manifest");
      }
    }
  }

  SignedContainer& container_;
  std::span<const crypto::Certificate> anchors_;
  Instant now_;
  std::span<const crypto::RevocationValue> revocation_;
  std::string_view mimetype_;
  std::set<std::string> covered_;
  std::set<std::string> judged_;
  bool stamped_ = false;
};

}  // namespace

Result<Buffer> SignContainer(std::span<const Member> members, const Signer& signer, Instant now) {
  for (const Member& member : members) {
    if (!IsPlainName(member.name)) return Invalid("container: a member's name needs escaping");
    if (member.name == "mimetype" || member.name.starts_with(kMetaFolder)) {
      return Invalid(fmt::format("container: '{}' is a name that ASiC keeps for itself", member.name));
    }
  }
  const std::string manifest = WriteManifest(members, kSignatureName);
  Buffer signature = TRY(crypto::SignDetached(AsBytes(manifest), signer.key, signer.certificate, signer.chain,
                                              &signer.authority, now, signer.revocation));
  std::vector<Member> all = {{"mimetype", ToBuffer(AsBytes(kMimeType))},
                             {kManifestName, ToBuffer(AsBytes(manifest))},
                             {kSignatureName, std::move(signature)}};
  all.insert(all.end(), members.begin(), members.end());
  return WriteContainer(all);
}

Result<SignedContainer> OpenContainer(Bytes file, std::span<const crypto::Certificate> anchors, Instant now,
                                      std::span<const crypto::RevocationValue> revocation) {
  SignedContainer container;
  container.members = TRY(ReadContainer(file));
  container.canonical = CheckCanonical(file, container.members).ok();
  Judge(container, anchors, now, revocation).Run();
  return container;
}

}  // namespace probatio::evidence
