package models;

import java.util.List;
import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.OperandGroup;
import org.slimquant.runtime.QuantizedInputs;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.QuantizedOutput;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedModel extends Model {
  private static final CompiledPlan PLAN = new CompiledPlan(
      "models.Model.plan.txtpb", "1dcf57048c35f2b4");

  private static final QuantizedLayer SPLIT = QuantizedLayer.of(
      "split", Calibrated.signed(8), Calibrated.of(8)).returning(
      new QuantizedOutput("output", PLAN.foundSigned(8, -5)),
      new QuantizedOutput("output_1", PLAN.foundUnsigned(8, -4)));

  private static final QuantizedLayer HEADS = QuantizedLayer.of(
      "heads", Calibrated.signed(8), Calibrated.of(8)).returning(
      new QuantizedOutput("boxes", PLAN.foundSigned(8, -2)),
      new QuantizedOutput("scores", PLAN.foundUnsigned(8, -8)));

  private static final QuantizedInputs HEADS_XS = QuantizedInputs.of(
      "xs", PLAN.foundSigned(8, -5), Calibrated.of(8), PLAN.foundUnsigned(8, -7));

  private static final QuantizedLayer FIXED = QuantizedLayer.of(
      "fixed", Calibrated.signed(8), FixedPoint.signed(8, -4));

  private static final QuantizedInputs FIXED_XS = QuantizedInputs.each(
      "xs", FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedModel(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  List<Operand<TFloat32>> split(Operand<TFloat32> x) {
    return OperandGroup.list(quantizer, SPLIT, () ->
        super.split(quantizer.input(x)));
  }

  @Override
  Model.Heads heads(List<Operand<TFloat32>> xs) {
    return OperandGroup.record(quantizer, HEADS, () ->
        super.heads(OperandGroup.inputs(quantizer, HEADS_XS, xs)),
        record -> List.of(record.boxes(), record.scores()),
        outputs -> new Model.Heads(outputs.get(0), outputs.get(1)));
  }

  @Override
  Operand<TFloat32>[] fixed(Operand<TFloat32>[] xs) {
    return OperandGroup.array(quantizer, FIXED, () ->
        super.fixed(OperandGroup.inputs(quantizer, FIXED_XS, xs)));
  }
}
