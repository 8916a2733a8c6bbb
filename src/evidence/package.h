// The evidence package: one ASiC-E file (docs/formats/evidence.md). Thread-safe.
#pragma once

#include "evidence/asice.h"
#include "evidence/disclosure_document.h"

namespace probatio::evidence {

// mimetype, META-INF/..., disclosure.json, disclosure.csv, scope.json, proofs.json, ledger/checkpoint.txt,
// ledger/checkpoint.tst (time-stamp of the checkpoint), report.pdf.
Result<Buffer> BuildPackage(const Disclosure& disclosure, Bytes report_pdf, const Signer& signer,
                            Instant now);

}  // namespace probatio::evidence
