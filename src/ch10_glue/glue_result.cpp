#include "ch10_glue/glue_result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ch10_glue/evaluation.hpp"
#include "common/json.hpp"

namespace distilbert {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::string to_json(const GlueResult& result) {
  nlohmann::ordered_json json;
  json["task"] = result.task;
  json["seed"] = result.seed;
  json["train_rows"] = result.train_rows;
  json["skipped_rows"] = result.skipped_rows;
  json["seconds"] = result.seconds ? nlohmann::ordered_json(*result.seconds)
                                   : nlohmann::ordered_json();
  json["identity"] = result.identity;
  json["majority"] = nlohmann::ordered_json::parse(to_json(result.majority));
  json["epochs"] = nlohmann::ordered_json::array();
  for (const Evaluation& epoch : result.epochs) {
    json["epochs"].push_back(nlohmann::ordered_json::parse(to_json(epoch)));
  }
  json["losses"] = result.losses;
  // The identity may hold a path, whose bytes needn't be UTF-8.
  return json.dump(-1, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

GlueResult read_glue_result(const std::filesystem::path& file) {
  const nlohmann::json json = parse_json_file(file);
  const JsonObject object(json, file.string());
  GlueResult result;
  result.task = object.text("task");
  result.seed = static_cast<std::uint64_t>(object.integer("seed", 0, kMost));
  result.train_rows =
      static_cast<std::size_t>(object.integer("train_rows", 1, kMost));
  result.skipped_rows =
      static_cast<std::size_t>(object.integer("skipped_rows", 0, kMost));
  if (object.has("seconds")) {
    result.seconds =
        object.number("seconds", 0, std::numeric_limits<double>::max());
  }
  result.identity = identity_from_json(object.value("identity"),
                                       file.string() + ": identity");
  result.majority =
      evaluation_from_json(object.value("majority"), file.string());
  const nlohmann::json& epochs = object.value("epochs");
  if (!epochs.is_array() || epochs.empty()) {
    object.refuse("epochs", "a list of evaluations");
  }
  for (const nlohmann::json& epoch : epochs) {
    result.epochs.push_back(evaluation_from_json(epoch, file.string()));
  }
  const nlohmann::json& losses = object.value("losses");
  if (!losses.is_array() ||
      !std::ranges::all_of(losses, &nlohmann::json::is_number)) {
    object.refuse("losses", "a list of numbers");
  }
  result.losses = losses.get<std::vector<double>>();
  return result;
}

}  // namespace distilbert
