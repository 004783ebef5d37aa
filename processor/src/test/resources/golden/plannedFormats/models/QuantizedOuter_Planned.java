package models;

import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedOuter_Planned extends Outer.Planned {
  private static final CompiledPlan PLAN = new CompiledPlan(
      "models.Outer.Planned.plan.txtpb", "07f2101e02850904");

  private static final QuantizedLayer STEM = QuantizedLayer.of(
      "stem", FixedPoint.signed(8, -7), FixedPoint.signed(8, -4));

  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", PLAN.signed(8, -9), PLAN.foundSigned(8, -5));

  private static final QuantizedInput CONV1_IMAGES = new QuantizedInput(
      "images", PLAN.foundSigned(8, -7));

  private static final QuantizedLayer CONV2 = QuantizedLayer.withKernel(
      "conv2", PLAN.perChannel(8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8,
          -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8, -7, -8,
          -7, -8), FixedPoint.signed(8, -4));

  private static final QuantizedLayer CALLED_TWICE = QuantizedLayer.of(
      "calledTwice", PLAN.signed(8, -8), PLAN.unsigned(16, -12));

  private static final QuantizedLayer WITHOUT_KERNEL = QuantizedLayer.of(
      "withoutKernel", Calibrated.signed(8), PLAN.foundSigned(8, -4));

  private static final QuantizedInput WITHOUT_KERNEL_REMARKED_ON = new QuantizedInput(
      "remarkedOn", Calibrated.of(8));

  private static final QuantizedInput WITHOUT_KERNEL_MISSING = new QuantizedInput(
      "missing", Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedOuter_Planned(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> stem(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, STEM, () ->
        super.stem(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> conv1(Operand<TFloat32> images) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_IMAGES, images)));
  }

  @Override
  Operand<TFloat32> conv2(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV2, () ->
        super.conv2(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> calledTwice(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CALLED_TWICE, () ->
        super.calledTwice(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> withoutKernel(Operand<TFloat32> remarkedOn,
      @Nullable Operand<TFloat32> missing) {
    return GraphQuantizer.layer(quantizer, WITHOUT_KERNEL, () ->
        super.withoutKernel(quantizer.input(WITHOUT_KERNEL_REMARKED_ON, remarkedOn),
              missing == null ? null : quantizer.input(WITHOUT_KERNEL_MISSING, missing)));
  }
}
