// The templates of one exporter over a restart of the collector: written as the messages that carry them, so
// that reading them back needs no format of its own. Over UDP an exporter repeats its templates only now and
// then, and without them everything until then would have to wait. Pure.
#pragma once

#include "decode/flow/walk.h"

namespace probatio::decode {

// Messages back to back that hold all templates of the table, as the exporter's own version writes them.
Buffer WriteTemplates(const TemplateTable& templates, FlowVersion version, Instant now);

// Learns what WriteTemplates wrote; nothing else of the session changes. kInvalid for anything that is no
// such message or that carries data.
Status RestoreTemplates(Bytes messages, FlowSession* session);

}  // namespace probatio::decode
