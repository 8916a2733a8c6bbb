// Syslog of carrier-grade NATs (docs/formats/syslog.md): every line is of a known vendor and gives a record
// or says nothing about addresses, is of a known vendor and broken, or is unknown. All four are counted;
// nothing is guessed. Pure; one decoder serves one thread.
#pragma once

#include "decode/decoder.h"
#include "decode/syslog/header.h"
#include "decode/syslog/vendor.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

inline constexpr std::size_t kSyslogLineBytesMax = 8'192;  // RFC 5425 asks for 2048 and recommends 8192
inline constexpr std::size_t kSyslogRecordsMax = 1'024;    // of one message

class SyslogDecoder : public Decoder {
 public:
  // `exporter`, where not empty, is who sent the lines, whatever they say of themselves.
  SyslogDecoder(std::string exporter, SourceClock clock);

  // A datagram, or some lines of a file. A broken line does not stop those after it; the first error of the
  // piece is returned, and names line, vendor and reason.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override;

 private:
  struct Line {
    std::string_view text;  // the whole of it
    SyslogHeader header;
    const Piece& piece;
  };

  Status DecodeLine(const Piece& piece, std::string_view text, std::vector<record::Record>* out);
  Status ReadRecords(const Line& line, const Vendor& vendor, std::size_t mark,
                     std::vector<record::Record>* out);
  Status ReadRecord(const Line& line, const Vendor& vendor, std::size_t at, std::vector<record::Record>* out);
  Status AddRecord(const Line& line, Told told, const Captures& captures, std::vector<record::Record>* out);
  Result<Timestamp> TimeOf(const Line& line, const Captures& captures);
  Status CheckYear(const CivilTime& civil);
  std::string ExporterOf(const Line& line, const Captures& captures) const;

  std::string exporter_;
  SourceClock clock_;
  unsigned month_before_ = 0;
  bool passed_new_year_ = false;
  std::uint64_t line_number_ = 0;
  std::uint64_t lines_ = 0;  // without blank ones
  std::uint64_t records_ = 0;
  std::uint64_t unknown_lines_ = 0;
  std::uint64_t broken_lines_ = 0;
  std::uint64_t not_translated_ = 0;
  std::vector<std::uint64_t> without_event_;  // by vendor
};

}  // namespace probatio::decode
