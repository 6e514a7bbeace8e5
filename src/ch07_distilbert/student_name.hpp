#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace distilbert {

/// The name in a DistilBERT student of what a BERT teacher calls
/// `teacher_name`, or nothing where the student has no such tensor: segment
/// embeddings, the pooler, and layers that weren't chosen. `layers` are the
/// teacher's layers that become the student's layers 0, 1, … The classifier of
/// a fine-tuned teacher keeps its name; its pooler, of the shape of the
/// student's pre_classifier but trained to end in tanh and not in ReLU, is
/// dropped. Source: the mapping of the reference's extraction script.
std::optional<std::string> student_name(const std::string& teacher_name,
                                        std::span<const std::size_t> layers);

}  // namespace distilbert
