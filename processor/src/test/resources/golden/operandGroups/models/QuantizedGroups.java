package models;

import java.util.Collection;
import java.util.List;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.OperandGroup;
import org.slimquant.runtime.QuantizedInputs;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.QuantizedOutput;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedGroups extends Groups {
  private static final QuantizedLayer ARRAY = QuantizedLayer.of(
      "array", Calibrated.signed(8), Calibrated.of(8));

  private static final QuantizedInputs ARRAY_XS = QuantizedInputs.each(
      "xs", Calibrated.of(8));

  private static final QuantizedLayer LIST = QuantizedLayer.of(
      "list", Calibrated.signed(8), FixedPoint.signed(8, -4));

  private static final QuantizedInputs LIST_XS = QuantizedInputs.each(
      "xs", FixedPoint.signed(8, -7));

  private static final QuantizedLayer HEADS = QuantizedLayer.withKernel(
      "heads", Calibrated.signed(4), Calibrated.of(8)).returning(
      new QuantizedOutput("boxes", Calibrated.of(8)),
      new QuantizedOutput("scores", Calibrated.of(8)));

  private static final QuantizedInputs HEADS_OUTPUTS = QuantizedInputs.each(
      "outputs", Calibrated.of(8));

  private static final QuantizedLayer PAIR = QuantizedLayer.of(
      "pair", Calibrated.signed(8), Calibrated.of(8)).returning(
      new QuantizedOutput("left", Calibrated.of(8)),
      new QuantizedOutput("right", Calibrated.of(8)));

  private static final QuantizedInputs PAIR_XS = QuantizedInputs.each(
      "xs", Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedGroups(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32>[] array(Operand<TFloat32>[] xs) {
    return OperandGroup.array(quantizer, ARRAY, () ->
        super.array(OperandGroup.inputs(quantizer, ARRAY_XS, xs)));
  }

  @Override
  List<Operand<TFloat32>> list(List<Operand<TFloat32>> xs) {
    return OperandGroup.list(quantizer, LIST, () ->
        super.list(OperandGroup.inputs(quantizer, LIST_XS, xs)));
  }

  @Override
  Groups.Heads heads(Operand<TFloat32> record, Collection<Operand<TFloat32>> outputs) {
    return OperandGroup.record(quantizer, HEADS, () ->
        super.heads(quantizer.input(record),
              OperandGroup.inputs(quantizer, HEADS_OUTPUTS, outputs)),
        record_ -> List.of(record_.boxes(), record_.scores()),
        outputs_ -> new Groups.Heads(outputs_.get(0), outputs_.get(1)));
  }

  @Override
  Groups.Pair<TFloat32> pair(@Nullable Iterable<? extends Operand<TFloat32>> xs) {
    return OperandGroup.record(quantizer, PAIR, () ->
        super.pair(xs == null ? null : OperandGroup.inputs(quantizer, PAIR_XS, xs)),
        record -> List.of(record.left(), record.right()),
        outputs -> new Groups.Pair<TFloat32>(outputs.get(0), outputs.get(1)));
  }
}
