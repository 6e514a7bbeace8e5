#pragma once

/// The library in one include, for programs that run models:
///
///   #include <distilbert.hpp>
///   using namespace distilbert;
///   const ModelFolder folder = find_model("my-model");
///   const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
///   const LoadedModel<float> loaded = load_model<float>(folder);
///   const Encoding encoding = tokenizer.encode("A fine film.");
///   const PackedBatch batch = pack({&encoding, 1});
///   const ModelOutput<float> output = loaded.model->forward(batch);
///   const Matrix<float>& hidden = output.last_hidden_state().value();
///
/// Training and the GLUE tasks have headers of their own in the folders of
/// chapters 8 to 10.

#include "ch02_tokenizer/tokenizer.hpp"    // IWYU pragma: export
#include "ch06_bert/model.hpp"             // IWYU pragma: export
#include "ch06_bert/model_folder.hpp"      // IWYU pragma: export
#include "ch07_distilbert/load_model.hpp"  // IWYU pragma: export
