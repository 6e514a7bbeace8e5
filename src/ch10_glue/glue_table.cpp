#include "ch10_glue/glue_table.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/glue_result.hpp"
#include "ch10_glue/mean_and_deviation.hpp"
#include "ch10_glue/official_rows.hpp"
#include "ch10_glue/permutation_p_value.hpp"
#include "ch10_glue/published_scores.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

namespace {

constexpr const char* kAverage = "average";
constexpr const char* kNothing = "–";

// The results of one task, by seed.
std::vector<const GlueResult*> of_task(std::span<const GlueResult> results,
                                       std::string_view task) {
  std::vector<const GlueResult*> found;
  for (const GlueResult& result : results) {
    if (result.task == task) {
      found.push_back(&result);
    }
  }
  std::ranges::sort(found, {}, &GlueResult::seed);
  return found;
}

// Of tasks that one side hasn't come to yet an average would compare nothing.
GlueResults of_shared_tasks(const GlueResults& results) {
  if (results.model.empty() || results.teacher.empty()) {
    return results;
  }
  const auto only_shared = [](const std::vector<GlueResult>& from,
                              const std::vector<GlueResult>& other) {
    std::vector<GlueResult> shared;
    std::ranges::copy_if(from, std::back_inserter(shared),
                         [&other](const GlueResult& result) {
                           return !of_task(other, result.task).empty();
                         });
    return shared;
  };
  return {only_shared(results.model, results.teacher),
          only_shared(results.teacher, results.model)};
}

// One metric of each result's last epoch.
std::vector<double> last_values(std::span<const GlueResult* const> results,
                                std::size_t metric) {
  std::vector<double> values;
  for (const GlueResult* const result : results) {
    values.push_back(result->epochs.back().metrics.at(metric).value);
  }
  return values;
}

std::string percent(double value) {
  return std::isnan(value) ? kNothing : fmt::format("{:.1f}", 100 * value);
}

std::string spread(std::span<const double> values) {
  if (values.empty()) {
    return kNothing;
  }
  const auto [mean, deviation] = mean_and_deviation(values);
  return std::isnan(deviation)
             ? percent(mean)
             : fmt::format("{} ± {}", percent(mean), percent(deviation));
}

std::optional<double> retained(const GlueRow& row) {
  if (row.model.empty() || row.teacher.empty()) {
    return std::nullopt;
  }
  const double share =
      mean_and_deviation(row.model).mean / mean_and_deviation(row.teacher).mean;
  // A share of nothing, or of less than nothing, says nothing.
  return share > 0 && std::isfinite(share) ? std::optional(share)
                                           : std::nullopt;
}

// Of two seeds against two, even the rarest way of dealing is a third of all.
// A seed whose metric isn't defined can't be dealt.
std::optional<double> p_value(const GlueRow& row) {
  constexpr std::size_t kLeast = 3;
  const auto is_nan = [](double value) { return std::isnan(value); };
  if (std::min(row.model.size(), row.teacher.size()) < kLeast ||
      row.model.size() + row.teacher.size() > kMostPermutedValues ||
      std::ranges::any_of(row.model, is_nan) ||
      std::ranges::any_of(row.teacher, is_nan)) {
    return std::nullopt;
  }
  return permutation_p_value(row.model, row.teacher);
}

std::string display_name(const std::string& task) {
  return task == kAverage ? kAverage : find_task(task).display_name;
}

// What was published is one figure a task, and stands in its first row.
std::string published_cells(const GlueRow& row, bool first_of_task) {
  std::string cells;
  for (const PublishedScores& model : published_scores()) {
    const auto score = first_of_task ? model.score(row.task) : std::nullopt;
    cells += fmt::format(" {} |", score ? fmt::format("{:.1f}", *score) : "");
  }
  return cells;
}

// Of the model and of the teacher, where one has fewer as yet.
std::string seeds_of(const GlueRow& row) {
  const std::size_t model = row.model.size();
  const std::size_t teacher = row.teacher.size();
  return teacher == 0 || model == teacher
             ? fmt::format("{}", model)
             : fmt::format("{}/{}", model, teacher);
}

std::string markdown_row(const GlueRow& row,
                         bool first_of_task,
                         bool with_teacher) {
  std::string line = fmt::format(
      "| {} | {} | {} | {} | {} |", first_of_task ? display_name(row.task) : "",
      row.metric, seeds_of(row), percent(row.majority), spread(row.model));
  if (with_teacher) {
    const auto share = retained(row);
    const auto p = p_value(row);
    line += fmt::format(" {} | {} | {} |", spread(row.teacher),
                        share ? percent(*share) : kNothing,
                        p ? fmt::format("{:.3f}", *p) : kNothing);
  }
  return line + published_cells(row, first_of_task) + "\n";
}

// Of a task's data what a reader of its scores must know: that it isn't GLUE's,
// and what was left out.
std::string remark(const Task& task, const GlueResult& result) {
  std::vector<std::string> parts;
  if (const auto official = official_rows(task.name)) {
    parts = {
        describe_other_rows(result.train_rows, official->train, "train"),
        describe_other_rows(result.epochs.back().rows, official->dev, "dev")};
  }
  if (result.skipped_rows > 0) {
    parts.push_back(fmt::format("malformed rows of train skipped: {}",
                                result.skipped_rows));
  }
  std::erase(parts, "");
  return parts.empty() ? ""
                       : fmt::format("- {}: {}\n", task.display_name,
                                     fmt::join(parts, ", "));
}

std::string remarks(const GlueResults& results) {
  std::string lines;
  for (const Task& task : glue_tasks()) {
    for (const auto* const side : {&results.model, &results.teacher}) {
      if (const auto found = of_task(*side, task.name); !found.empty()) {
        lines += remark(task, *found.front());
        break;
      }
    }
  }
  return lines.empty() ? "" : "\n" + lines;
}

void add_curves(std::string_view model,
                const GlueResult& result,
                std::string& table) {
  constexpr std::size_t kMostStretches = 200;
  const auto add = [&](std::string_view series, std::size_t step,
                       double value) {
    fmt::format_to(std::back_inserter(table), "{}\t{}\t{}\t{}\t{}\t{}\n", model,
                   result.task, result.seed, series, step, value);
  };
  const std::size_t steps = result.losses.size();
  const std::size_t stretch = (steps + kMostStretches - 1) / kMostStretches;
  for (std::size_t first = 0; first < steps; first += stretch) {
    const std::size_t count = std::min(stretch, steps - first);
    const auto losses = std::span(result.losses).subspan(first, count);
    add("loss", first + count, mean_and_deviation(losses).mean);
  }
  for (std::size_t epoch = 0; epoch < result.epochs.size(); ++epoch) {
    for (const Metric& metric : result.epochs[epoch].metrics) {
      add(metric.name, steps * (epoch + 1) / result.epochs.size(),
          metric.value);
    }
  }
}

}  // namespace

std::vector<double> macro_average(std::span<const GlueResult> results) {
  std::set<std::string> tasks;
  std::map<std::uint64_t, std::vector<double>> by_seed;
  for (const GlueResult& result : results) {
    tasks.insert(result.task);
    by_seed[result.seed].push_back(mean_metric(result.epochs.back()));
  }
  std::vector<double> averages;
  for (const auto& [seed, scores] : by_seed) {
    if (scores.size() == tasks.size()) {
      averages.push_back(mean_and_deviation(scores).mean);
    }
  }
  return averages;
}

std::vector<GlueRow> glue_rows(const GlueResults& results) {
  const GlueResults averaged = of_shared_tasks(results);
  std::vector<GlueRow> rows;
  std::vector<double> majorities;
  for (const Task& task : glue_tasks()) {
    const auto of_model = of_task(results.model, task.name);
    const auto of_teacher = of_task(results.teacher, task.name);
    if (of_model.empty() && of_teacher.empty()) {
      continue;
    }
    const GlueResult& any =
        of_model.empty() ? *of_teacher.front() : *of_model.front();
    for (std::size_t i = 0; i < any.majority.metrics.size(); ++i) {
      const Metric& majority = any.majority.metrics[i];
      rows.push_back({task.name, majority.name, majority.value,
                      last_values(of_model, i), last_values(of_teacher, i)});
    }
    if (!of_task(averaged.model, task.name).empty() ||
        !of_task(averaged.teacher, task.name).empty()) {
      majorities.push_back(mean_metric(any.majority));
    }
  }
  if (majorities.size() > 1) {
    rows.push_back(
        {kAverage, "mean of the tasks", mean_and_deviation(majorities).mean,
         macro_average(averaged.model), macro_average(averaged.teacher)});
  }
  return rows;
}

std::string glue_table_markdown(const GlueResults& results) {
  const bool with_teacher = !results.teacher.empty();
  std::string header = "| task | metric | seeds | majority | model |";
  std::string rule = "|---|---|---:|---:|---:|";
  if (with_teacher) {
    header += " teacher | retained | p |";
    rule += "---:|---:|---:|";
  }
  for (const PublishedScores& model : published_scores()) {
    header += fmt::format(" {} (published) |", model.model);
    rule += "---:|";
  }
  std::string table = header + "\n" + rule + "\n";
  std::string last_task;
  for (const GlueRow& row : glue_rows(results)) {
    table += markdown_row(row, row.task != last_task, with_teacher);
    last_task = row.task;
  }
  return table + remarks(results);
}

std::string glue_table_json(const GlueResults& results) {
  auto table = nlohmann::ordered_json::array();
  for (const GlueRow& row : glue_rows(results)) {
    nlohmann::ordered_json json = {
        {"task", row.task}, {"metric", row.metric}, {"majority", row.majority}};
    const auto add = [&json](const std::string& name,
                             const std::vector<double>& values) {
      if (!values.empty()) {
        const auto [mean, deviation] = mean_and_deviation(values);
        json[name] = {
            {"seeds", values}, {"mean", mean}, {"deviation", deviation}};
      }
    };
    add("model", row.model);
    add("teacher", row.teacher);
    if (const auto share = retained(row)) {
      json["retained"] = *share;
    }
    if (const auto p = p_value(row)) {
      json["p"] = *p;
    }
    table.push_back(json);
  }
  return table.dump(2) + "\n";
}

std::string glue_curves_tsv(const GlueResults& results) {
  std::string table = "model\ttask\tseed\tseries\tstep\tvalue\n";
  for (const GlueResult& result : results.model) {
    add_curves("model", result, table);
  }
  for (const GlueResult& result : results.teacher) {
    add_curves("teacher", result, table);
  }
  return table;
}

}  // namespace distilbert
