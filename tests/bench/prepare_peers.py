"""A checkpoint in the forms that ONNX Runtime and CTranslate2 want, each made by the
library's own tools."""

import tempfile
from pathlib import Path

import onnx
import torch
from ctranslate2.converters import TransformersConverter
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers import AutoModelForSequenceClassification, PreTrainedModel

OPSET = 17


class Logits(torch.nn.Module):
    """A model with inputs by position, and the logits alone."""

    def __init__(self, model: PreTrainedModel, names: list[str]) -> None:
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return self.model(**dict(zip(self.names, inputs))).logits


def export(model: PreTrainedModel, path: Path) -> None:
    """By tracing and with the attention written out: the form in which the optimiser
    knows BERT's layers again (the newer export leaves it 6 attentions unfused)."""
    names = ["input_ids", "attention_mask"]
    if model.config.model_type == "bert":
        names.append("token_type_ids")
    ids = torch.full((2, 16), 1000)
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    inputs = (ids, mask, torch.zeros_like(ids))[:len(names)]
    axes = {name: {0: "batch", 1: "length"} for name in names}
    torch.onnx.export(Logits(model, names).eval(), inputs, str(path), input_names=names,
                      output_names=["logits"], dynamic_axes={**axes, "logits": {0: "batch"}},
                      opset_version=OPSET, dynamo=False)


def export_for_onnx(folder: Path, output: Path) -> None:
    """fp32.onnx, and int8.onnx quantised dynamically, a scale for each channel."""
    model = AutoModelForSequenceClassification.from_pretrained(
        folder, attn_implementation="eager").eval()
    config = model.config
    with tempfile.TemporaryDirectory() as scratch:
        exported = Path(scratch) / "exported.onnx"
        export(model, exported)
        optimised = optimizer.optimize_model(
            str(exported), model_type="bert", num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size)
        fused = optimised.get_fused_operator_statistics()
        attentions = fused["Attention"] + fused["MultiHeadAttention"]
        if attentions != config.num_hidden_layers:
            raise SystemExit(f"ONNX Runtime's optimiser fused {attentions} attentions of "
                             f"{config.num_hidden_layers}: {fused}")
        optimised.save_model_to_file(str(output / "fp32.onnx"))
    # 7-bit weights (reduce_range) are for processors without VNNI.
    flags = Path("/proc/cpuinfo").read_text()
    quantize_dynamic(output / "fp32.onnx", output / "int8.onnx", per_channel=True,
                     reduce_range="vnni" not in flags, weight_type=QuantType.QInt8,
                     extra_options={"MatMulConstBOnly": True,
                                    "DefaultTensorType": onnx.TensorProto.FLOAT})


def convert_for_ctranslate2(folder: Path, output: Path) -> None:
    TransformersConverter(str(folder)).convert(str(output), force=True)
