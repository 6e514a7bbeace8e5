#pragma once

#include <utility>

#include "ch07_distilbert/load_model.hpp"
#include "common/mapped_file.hpp"

namespace distilbert {

/// The numbers that a model's encoder multiplies.
enum class Precision {
  kFloat32,  ///< as exact as the fused pieces, but for rounding
  kInt8      ///< faster and less exact: weights and activations in bytes
};

/// Makes a model fast at inference: its pieces become packed_linear and
/// packed_linear_gelu, or with int8 quantized_linear and quantized_linear_gelu,
/// and blocked_attention.
///
/// The weights of the encoder's linear layers are copied now, into the order in
/// which they are read. What the parameters become later is not seen by the
/// copies, so a model that is being trained should keep its pieces; a pass that
/// is recorded on a tape uses the fused pieces and the parameters themselves.
///
/// `weights` is the file that the parameters were mapped from and that nothing
/// has been written to since (LoadReport has it), or nullptr. Its pages are
/// given back as they are copied, so that the weights aren't in memory twice.
void use_fast_pieces(Model<float>& model,
                     Precision precision,
                     MappedFile* weights = nullptr);

/// The same for a model that was just loaded, with the file it came from.
inline void use_fast_pieces(const LoadedModel<float>& loaded,
                            Precision precision) {
  use_fast_pieces(*loaded.model, precision, loaded.report.weights.get());
}

/// While it lives, a model in training has fast pieces, made of its parameters
/// as they are then, for an evaluation; afterwards it has its own again. The
/// model must outlive it and not be trained meanwhile.
class FastEvaluation {
 public:
  /// Copies the parameters, and puts the model's own pieces aside.
  explicit FastEvaluation(Model<float>& model)
      : model_(model), pieces_(model.pieces()) {
    use_fast_pieces(model, Precision::kFloat32);
  }

  FastEvaluation(const FastEvaluation&) = delete;
  FastEvaluation& operator=(const FastEvaluation&) = delete;

  ~FastEvaluation() { model_.pieces() = std::move(pieces_); }

 private:
  Model<float>& model_;
  Pieces<float> pieces_;
};

}  // namespace distilbert
