#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ch10_glue/submission.hpp"

namespace distilbert::cli {

/// A zip of the files, in their order, as bytes. The same files give the same
/// bytes: no time and no user is written into it.
[[nodiscard]] std::string make_zip(std::span<const SubmissionFile> files);

/// The files in a zip. Throws Error, naming it, where it can't be read, isn't a
/// zip, or holds more than a submission could: fifty files, or 64 MB in one.
[[nodiscard]] std::vector<SubmissionFile> read_zip(
    const std::filesystem::path& path);

}  // namespace distilbert::cli
