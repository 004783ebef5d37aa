package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedNames extends Names {
  private static final QuantizedLayer CONV1_ = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV1_QUANTIZER_ = new QuantizedInput(
      "quantizer", FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV_BLOCK = QuantizedLayer.of(
      "convBlock", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV_BLOCK_X = new QuantizedInput(
      "x", FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV = QuantizedLayer.of(
      "conv", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV_BLOCK_X_ = new QuantizedInput(
      "blockX", FixedPoint.signed(8, -7));

  private static final QuantizedLayer QUANTIZER = QuantizedLayer.of(
      "quantizer", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV1_X = QuantizedLayer.of(
      "conv1_x", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer LAYER = QuantizedLayer.of(
      "layer", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer_;

  QuantizedNames(Ops quantizer, GraphQuantizer quantizer_) {
    super(quantizer);
    this.quantizer_ = quantizer_;
  }

  QuantizedNames(Ops quantizer, int quantizer_, GraphQuantizer quantizer__) {
    super(quantizer, quantizer_);
    this.quantizer_ = quantizer__;
  }

  @Override
  Operand<TFloat32> conv1(Operand<TFloat32> quantizer, int CONV1, int CONV1_QUANTIZER) {
    return GraphQuantizer.layer(quantizer_, CONV1_, () ->
        super.conv1(quantizer_.input(CONV1_QUANTIZER_, quantizer), CONV1, CONV1_QUANTIZER));
  }

  @Override
  Operand<TFloat32> convBlock(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer_, CONV_BLOCK, () ->
        super.convBlock(quantizer_.input(CONV_BLOCK_X, x)));
  }

  @Override
  Operand<TFloat32> conv(Operand<TFloat32> blockX) {
    return GraphQuantizer.layer(quantizer_, CONV, () ->
        super.conv(quantizer_.input(CONV_BLOCK_X_, blockX)));
  }

  @Override
  Operand<TFloat32> quantizer(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer_, QUANTIZER, () ->
        super.quantizer(quantizer_.input(x)));
  }

  @Override
  Operand<TFloat32> conv1_x(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer_, CONV1_X, () ->
        super.conv1_x(quantizer_.input(x)));
  }

  @Override
  Operand<TFloat32> layer(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer_, LAYER, () ->
        super.layer(quantizer_.input(x)));
  }
}
