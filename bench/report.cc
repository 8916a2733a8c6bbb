#include "report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace probatio::bench {
namespace {

std::string Microseconds(double us) {
  if (us >= 1e6) return fmt::format("{:.2f} s", us / 1e6);
  if (us >= 1e4) return fmt::format("{:.1f} ms", us / 1e3);
  return fmt::format("{:.0f} us", us);
}

std::string Pair(const LookUpTimes& times) {
  return times.count == 0 ? "-" : Microseconds(times.p50_us) + " / " + Microseconds(times.p99_us);
}

std::string Row(const std::string& name, const Figures& figures) {
  return fmt::format("{:<12} {:>9.2f} {:>10.3f} {:>11.0f} {:>11.0f}  {:>20}  {:>20}  {:>20}\n", name,
                     figures.bytes_per_session, figures.cpu_s_per_million, figures.rows_per_s,
                     figures.rows_per_s_per_core, Pair(figures.warm), Pair(figures.cold), Pair(figures.miss));
}

double Ratio(double ours, double theirs) {
  return theirs > 0 ? ours / theirs : 0;
}

nlohmann::json JsonOf(const Figures& figures) {
  nlohmann::json out{
      {"bytes_per_session", figures.bytes_per_session},
      {"cpu_s_per_million", figures.cpu_s_per_million},
      {"rows_per_s", figures.rows_per_s},
      {"rows_per_s_per_core", figures.rows_per_s_per_core},
      {"warm_p50_us", figures.warm.p50_us},
      {"warm_p99_us", figures.warm.p99_us},
      {"cold_p50_us", figures.cold.p50_us},
      {"cold_p99_us", figures.cold.p99_us},
      {"miss_p50_us", figures.miss.p50_us},
      {"miss_p99_us", figures.miss.p99_us},
      {"look_ups",
       {{"warm", figures.warm.count}, {"cold", figures.cold.count}, {"miss", figures.miss.count}}},
      {"layout", figures.layout}};
  if (figures.ahead_of_others) out["ahead_of_others"] = true;
  if (!figures.stages.empty()) out["stages"] = figures.stages;
  if (!figures.extras.empty()) out["extras"] = figures.extras;
  return out;
}

// Below one, we are smaller or faster.
nlohmann::json RatiosOf(const Figures& ours, const Figures& peer) {
  return {{"bytes_per_session", Ratio(ours.bytes_per_session, peer.bytes_per_session)},
          {"cpu_s_per_million", Ratio(ours.cpu_s_per_million, peer.cpu_s_per_million)},
          {"warm_p50_us", Ratio(ours.warm.p50_us, peer.warm.p50_us)},
          {"warm_p99_us", Ratio(ours.warm.p99_us, peer.warm.p99_us)},
          {"cold_p50_us", Ratio(ours.cold.p50_us, peer.cold.p50_us)},
          {"miss_p50_us", Ratio(ours.miss.p50_us, peer.miss.p50_us)}};
}

std::string_view ModeText(Mode mode) {
  return mode == Mode::kSession ? "session" : "block";
}

std::string Heading(const Run& run) {
  return fmt::format(
      "{} rows, mode {}, {} ms, seed {}: {} public addresses 1:{}, {:.2f} h, {:.4g} rows/address/s\n{}\n"
      "physical limit {:.2f} bytes/row: port and time {:.1f}, duration and protocol {:.1f}, subscriber "
      "{:.1f} bit\n\n",
      run.options.rows, ModeText(run.options.mode), run.options.resolution_ms, run.options.seed,
      run.addresses, kSubscribersPerAddress, run.hours, run.rows_per_address_second, MachineText(),
      run.bound.Bytes(), run.bound.port_and_time_bits, run.bound.duration_and_protocol_bits,
      run.bound.subscriber_bits);
}

}  // namespace

std::string ToText(const Run& run) {
  std::string out = Heading(run);
  out +=
      fmt::format("{:<12} {:>9} {:>10} {:>11} {:>11}  {:>20}  {:>20}  {:>20}\n", "", "bytes/row", "CPU s/M",
                  "rows/s", "rows/s/core", "warm p50 / p99", "cold p50 / p99", "miss p50 / p99");
  out += Row("probatio", run.ours);
  for (const auto& [name, figures] : run.peers) out += Row(name, figures);
  out += fmt::format("\nprobatio is {:.3f} x the physical limit\n",
                     run.ours.bytes_per_session / run.bound.Bytes());
  for (const auto& [stage, seconds] : run.ours.stages)
    out += fmt::format("  {:<8} {:.3f} CPU s/M\n", stage, seconds);
  for (const auto& [name, value] : run.ours.extras) out += fmt::format("  {:<20} {:.6g}\n", name, value);
  if (!run.peers.empty()) out += "\nratios, ours : peer (below 1 is smaller or faster)\n";
  for (const auto& [name, peer] : run.peers) {
    out += fmt::format(
        "  {:<12} bytes {:.2f}  CPU {:.2f}  warm p50 {:.3g}  cold p50 {:.3g}  miss p50 {:.3g}\n", name,
        Ratio(run.ours.bytes_per_session, peer.bytes_per_session),
        Ratio(run.ours.cpu_s_per_million, peer.cpu_s_per_million),
        Ratio(run.ours.warm.p50_us, peer.warm.p50_us), Ratio(run.ours.cold.p50_us, peer.cold.p50_us),
        Ratio(run.ours.miss.p50_us, peer.miss.p50_us));
  }
  for (const auto& [name, peer] : run.peers) out += fmt::format("  {:<12} {}\n", name, peer.layout);
  for (const auto& [name, why] : run.absent) out += fmt::format("  {:<12} not measured: {}\n", name, why);
  return out;
}

std::string ToJson(const Run& run) {
  nlohmann::json out = JsonOf(run.ours);
  out["rows"] = run.options.rows;
  out["seed"] = run.options.seed;
  out["mode"] = ModeText(run.options.mode);
  out["resolution_ms"] = run.options.resolution_ms;
  out["machine"] = MachineText();
  out["public_addresses"] = run.addresses;
  out["rows_per_address_second"] = run.rows_per_address_second;
  out["limit_bytes_per_session"] = run.bound.Bytes();
  out["ratios"] = nlohmann::json::object();
  out["ratios"]["limit"] = {{"bytes_per_session", Ratio(run.ours.bytes_per_session, run.bound.Bytes())}};
  out["peers"] = nlohmann::json::object();
  for (const auto& [name, figures] : run.peers) {
    out["peers"][name] = JsonOf(figures);
    out["ratios"][name] = RatiosOf(run.ours, figures);
  }
  out["absent"] = run.absent;
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace probatio::bench
