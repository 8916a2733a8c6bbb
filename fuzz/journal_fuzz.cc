// The parts of a journal batch. The first octet chooses the part: the batch's own bytes, or, as they would be
// after opening, its index or a fragment.
#include "seal/journal_format.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

namespace {

void FuzzBatch(Bytes input) {
  const auto parts = seal::SplitBatch(input);
  if (!parts.ok()) return;
  CHECK(seal::BatchHeaderBytes(parts.value().header) == ToBuffer(parts.value().header_bytes));
  const std::vector<Buffer> batches{ToBuffer(input)};
  const Key key;
  const seal::TokenKeys keys;
  const auto found = seal::SearchJournal(parts.value().header.segment, batches, {1, crypto::Sha256(input)},
                                         key, seal::Token{}, keys);
  static_cast<void>(found.ok());
}

void FuzzIndex(Bytes input) {
  if (input.size() < 4) return;
  const auto index = seal::ParseIndex(input.subspan(4), Be32(input));
  if (index.ok()) CHECK(seal::IndexBytes(index.value()) == ToBuffer(input.subspan(4)));
}

void FuzzFragment(Bytes input) {
  const auto rows = seal::ParseFragment(input, {});
  if (!rows.ok()) return;
  ByteWriter again;
  for (const record::Record& row : rows.value()) seal::AppendRow(row, &again);
  CHECK(again.bytes() == ToBuffer(input));
}

void FuzzNatFragment(Bytes input) {
  record::NatEvent session;
  session.event = record::NatEventKind::kNat44SessionCreate;
  session.public_port = 0;
  session.inside_port = 0;
  session.end_at = Instant();
  record::NatEvent block;
  block.event = record::NatEventKind::kPortBlockAllocate;
  block.port_first = 0;
  block.port_last = 511;
  block.origin.seq = 0;
  const auto rows = seal::ParseFragment(input, {{}, {session, block}});
  if (!rows.ok()) return;
  for (const record::Record& row : rows.value()) CHECK(record::CheckRecord(row).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes input(data + 1, size - 1);
  if (data[0] == 0) FuzzBatch(input);
  if (data[0] == 1) FuzzIndex(input);
  if (data[0] == 2) FuzzFragment(input);
  if (data[0] == 3) FuzzNatFragment(input);
  return 0;
}
