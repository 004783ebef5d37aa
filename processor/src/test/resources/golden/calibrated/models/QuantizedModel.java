package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedModel extends Model {
  private static final QuantizedLayer DEFAULTS = QuantizedLayer.of(
      "defaults", Calibrated.signed(8), Calibrated.of(8));

  private static final QuantizedInput DEFAULTS_X = new QuantizedInput(
      "x", Calibrated.of(8));

  private static final QuantizedLayer WIDTHS = QuantizedLayer.of(
      "widths", Calibrated.signed(4), Calibrated.unsigned(16));

  private static final QuantizedInput WIDTHS_X = new QuantizedInput(
      "x", Calibrated.unsigned(4));

  private static final QuantizedLayer CHANNELS = QuantizedLayer.withKernel(
      "channels", Calibrated.perChannel(8), Calibrated.of(8));

  private static final QuantizedLayer CHANNELS_AND_OUTPUT = QuantizedLayer.withKernel(
      "channelsAndOutput", Calibrated.perChannel(4), FixedPoint.signed(8, -5));

  private static final QuantizedLayer CHANNELS_AND_FRAC = QuantizedLayer.withKernel(
      "channelsAndFrac", Calibrated.perChannel(8), FixedPoint.signed(8, -5));

  private static final QuantizedLayer KERNEL_FRAC = QuantizedLayer.withKernel(
      "kernelFrac", FixedPoint.signed(8, -7), Calibrated.of(8));

  private static final QuantizedLayer OUTPUT_ONLY = QuantizedLayer.of(
      "outputOnly", FixedPoint.signed(8, -7), Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedModel(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> defaults(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, DEFAULTS, () ->
        super.defaults(quantizer.input(DEFAULTS_X, x)));
  }

  @Override
  Operand<TFloat32> widths(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, WIDTHS, () ->
        super.widths(quantizer.input(WIDTHS_X, x)));
  }

  @Override
  Operand<TFloat32> channels(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CHANNELS, () ->
        super.channels(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> channelsAndOutput(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CHANNELS_AND_OUTPUT, () ->
        super.channelsAndOutput(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> channelsAndFrac(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CHANNELS_AND_FRAC, () ->
        super.channelsAndFrac(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> kernelFrac(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, KERNEL_FRAC, () ->
        super.kernelFrac(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> outputOnly(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, OUTPUT_ONLY, () ->
        super.outputOnly(quantizer.input(x)));
  }
}
