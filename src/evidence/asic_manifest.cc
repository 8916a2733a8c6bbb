// The manifest, written as text and read with libxml2: the one file of the house that includes it.
// Thread-safe.
#include "evidence/asic_manifest.h"

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>

namespace probatio::evidence {
namespace {

constexpr char kAsicNamespace[] = "http://uri.etsi.org/02918/v1.2.1#";
constexpr char kXmlDsigNamespace[] = "http://www.w3.org/2000/09/xmldsig#";

struct DocumentFree {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, DocumentFree>;

std::string MimeTypeOf(const std::string& name) {
  if (name.ends_with(".pdf")) return "application/pdf";
  if (name.ends_with(".json")) return "application/json";
  if (name.ends_with(".csv")) return "text/csv";
  if (name.ends_with(".txt")) return "text/plain";
  return "application/octet-stream";
}

bool Is(const xmlNode* node, const char* name, const char* ns) {
  return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name) && node->ns != nullptr &&
         xmlStrEqual(node->ns->href, BAD_CAST ns);
}

const xmlNode* Child(const xmlNode* parent, const char* name, const char* ns) {
  for (const xmlNode* node = parent->children; node != nullptr; node = node->next) {
    if (Is(node, name, ns)) return node;
  }
  return nullptr;
}

std::string Attribute(const xmlNode* node, const char* name) {
  xmlChar* value = xmlGetProp(node, BAD_CAST name);
  std::string text = value == nullptr ? "" : reinterpret_cast<const char*>(value);
  xmlFree(value);
  return text;
}

// The text of an element without its white space, as Base64 may be broken over lines.
std::string Content(const xmlNode* node) {
  xmlChar* value = xmlNodeGetContent(node);
  std::string text;
  for (const xmlChar* c = value; c != nullptr && *c != 0; ++c) {
    if (*c > ' ') text.push_back(static_cast<char>(*c));
  }
  xmlFree(value);
  return text;
}

// RFC 3986, section 2.1; ASiC names its files by URI.
Result<std::string> PercentDecoded(const std::string& uri) {
  std::string name;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] != '%') {
      name.push_back(uri[i]);
      continue;
    }
    const Result<Buffer> byte = FromHex(std::string_view(uri).substr(i + 1, 2));
    if (!byte.ok() || byte.value().size() != 1) return Invalid("manifest: broken percent-encoding in a URI");
    name.push_back(static_cast<char>(byte.value()[0]));
    i += 2;
  }
  return name;
}

Result<ManifestReference> ReadReference(const xmlNode* node) {
  const xmlNode* method = Child(node, "DigestMethod", kXmlDsigNamespace);
  const xmlNode* value = Child(node, "DigestValue", kXmlDsigNamespace);
  if (method == nullptr || value == nullptr)
    return Invalid("manifest: DataObjectReference without its digest");
  ManifestReference reference;
  reference.name = TRY(PercentDecoded(Attribute(node, "URI")));
  if (reference.name.empty()) return Invalid("manifest: DataObjectReference without its URI");
  reference.method = Attribute(method, "Algorithm");
  reference.digest = TRY_IN("manifest: DigestValue", FromBase64(Content(value)));
  return reference;
}

}  // namespace

std::string WriteManifest(std::span<const Member> members, const std::string& signature_name) {
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asic:ASiCManifest xmlns:asic=\"{}\" xmlns:ds=\"{}\">\n"
      "  <asic:SigReference URI=\"{}\" MimeType=\"application/pkcs7-signature\"/>\n",
      kAsicNamespace, kXmlDsigNamespace, signature_name);
  for (const Member& member : members) {
    xml += fmt::format(
        "  <asic:DataObjectReference URI=\"{}\" MimeType=\"{}\">\n    <ds:DigestMethod Algorithm=\"{}\"/>\n"
        "    <ds:DigestValue>{}</ds:DigestValue>\n  </asic:DataObjectReference>\n",
        member.name, MimeTypeOf(member.name), kDigestSha256, ToBase64(crypto::Sha256(member.content)));
  }
  return xml + "</asic:ASiCManifest>\n";
}

Result<AsicManifest> ParseManifest(Bytes xml) {
  if (xml.size() > kManifestBytesMax)
    return Invalid(fmt::format("manifest: larger than {} bytes", kManifestBytesMax));
  const Document document(xmlReadMemory(reinterpret_cast<const char*>(xml.data()),
                                        static_cast<int>(xml.size()), nullptr, nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!document) return Invalid("manifest: not well-formed XML");
  // An internal subset can define entities; no manifest needs one.
  if (document->intSubset != nullptr) return Invalid("manifest: has a DOCTYPE");
  const xmlNode* root = xmlDocGetRootElement(document.get());
  if (root == nullptr || !Is(root, "ASiCManifest", kAsicNamespace))
    return Invalid("manifest: is no ASiCManifest");
  const xmlNode* signature = Child(root, "SigReference", kAsicNamespace);
  if (signature == nullptr) return Invalid("manifest: no SigReference");
  AsicManifest manifest;
  manifest.signature = TRY(PercentDecoded(Attribute(signature, "URI")));
  for (const xmlNode* node = root->children; node != nullptr; node = node->next) {
    if (!Is(node, "DataObjectReference", kAsicNamespace)) continue;
    if (manifest.references.size() == kMembersMax) return Invalid("manifest: too many references");
    ManifestReference reference = TRY(ReadReference(node));
    manifest.references.push_back(std::move(reference));
  }
  if (manifest.references.empty()) return Invalid("manifest: refers to no file");
  return manifest;
}

}  // namespace probatio::evidence
