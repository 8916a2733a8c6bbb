// Any bytes as a drill are refused or read; as answer files of either kind they hold at most one box, and as
// a wrapped key within a drill they open for nobody.
#include "custody/answer_frame.h"
#include "custody/drill.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const Bytes bytes(data, size);
  const Result<custody::Drill> drill = custody::DrillFromJson(AsText(bytes));
  if (drill.ok()) CHECK(custody::DrillFromJson(custody::DrillToJson(drill.value())).ok());
  (void)custody::SentDrillFromJson(AsText(bytes)).ok();
  for (const custody::AnswerKind kind : {custody::AnswerKind::kKeys, custody::AnswerKind::kDrill}) {
    const Result<custody::FramedAnswer> framed = custody::ReadAnswerFrame(kind, bytes);
    if (framed.ok()) CHECK(framed.value().box.size() < size);
  }
  CHECK(!custody::OpenDrillAnswer(Key(), {}, bytes).ok());
  return 0;
}
