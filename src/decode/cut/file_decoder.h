// One file given to a decoder, part by part: cuts it, decodes the pieces, and keeps what was not read. The
// records go on to the caller at once, so that memory does not grow with the file. Pure; one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "decode/cut/cutter.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

inline constexpr std::size_t kFileErrorsMax = 1'000;  // broken pieces that are described; all are counted

// A piece that could not be read, for whoever puts it aside. A view, valid during the call.
struct BrokenPiece {
  const Piece& piece;
  Bytes header;         // the file's first piece, of formats in which it names the columns
  const Error& reason;  // with the place in the file
};

class FileDecoder {
 public:
  struct Parts {
    std::unique_ptr<Cutter> cutter;
    std::unique_ptr<Decoder> decoder;
    std::string piece_name;      // "line", "entry", "message": how a place in the file is told
    bool names_place = false;    // the decoder tells it itself, as it was given whole lines
    bool counts_broken = false;  // and counts what is broken
    bool has_header = false;     // the first piece names the columns
    // Of formats whose instants carry UTC: what is known of the source's clock. The others know it already.
    std::optional<SourceClock> corrected_by;
    std::function<bool(const Cut&)> wanted;             // of datagrams; empty: all
    std::function<Status()> still_readable;             // after each piece; an error is one of the whole file
    std::function<void(const BrokenPiece&)> put_aside;  // may be empty
  };
  explicit FileDecoder(Parts parts) : parts_(std::move(parts)) {}

  // How many octets of `rest` are done with, their records appended; 0: more is needed. A broken piece does
  // not stop the others. kInvalid when nothing of the file can be read; when it breaks off later, that is one
  // of errors() and the rest is done with.
  Result<std::size_t> Take(Bytes rest, bool last, std::vector<record::Record>* records);

  std::uint64_t pieces() const { return pieces_; }
  const std::vector<Error>& errors() const { return errors_; }  // the first kFileErrorsMax, with their places
  std::uint64_t broken() const { return broken_; }              // all of them
  std::map<std::string, std::uint64_t> counts() const;
  std::vector<SequenceGap> TakeGaps() { return parts_.decoder->TakeGaps(); }

 private:
  Status Decode(const Piece& piece, std::vector<record::Record>* records);
  void Refuse(const Piece* piece, const Error& reason);

  Parts parts_;
  Buffer header_;
  bool begun_ = false;
  std::uint64_t pieces_ = 0;
  std::uint64_t broken_ = 0;
  std::uint64_t unwanted_ = 0;
  std::vector<Error> errors_;
};

}  // namespace probatio::decode
