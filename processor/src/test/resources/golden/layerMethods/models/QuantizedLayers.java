package models;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedLayers extends Layers {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV1_IMAGES = new QuantizedInput(
      "images", FixedPoint.signed(8, -6));

  private static final QuantizedLayer CONV2 = QuantizedLayer.of(
      "conv2", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONSTANT = QuantizedLayer.of(
      "constant", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer GENERIC = QuantizedLayer.of(
      "generic", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer BLOCK_WITH_A_LONG_NAME = QuantizedLayer.of(
      "blockWithALongName", FixedPoint.signed(8, -5), FixedPoint.signed(8, -5));

  private static final QuantizedInput BLOCK_WITH_A_LONG_NAME_THE_FIRST_INPUT_OF_THE_BLOCK = new QuantizedInput(
      "theFirstInputOfTheBlock", FixedPoint.signed(8, -7));

  private static final QuantizedInput BLOCK_WITH_A_LONG_NAME_THE_SECOND_INPUT_OF_THE_BLOCK = new QuantizedInput(
      "theSecondInputOfTheBlock", FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedLayers(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> conv1(Operand<TFloat32> images, int stride) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_IMAGES, images), stride));
  }

  @Override
  protected Operand<TFloat32> conv2(Operand<TFloat32> features, float[] rates, boolean training,
      String... names) {
    return GraphQuantizer.layer(quantizer, CONV2, () ->
        super.conv2(quantizer.input(features), rates, training, names));
  }

  @Override
  Operand<TFloat32> constant() throws IOException, TimeoutException {
    return GraphQuantizer.layer(quantizer, CONSTANT, () ->
        super.constant());
  }

  @Override
  <T extends Number & Comparable<T>, X extends Exception> Operand<TFloat32> generic(
      Operand<TFloat32> x, Map<String, ? super T> options, T limit) throws X {
    return GraphQuantizer.layer(quantizer, GENERIC, () ->
        super.generic(quantizer.input(x), options, limit));
  }

  @Override
  Operand<TFloat32> blockWithALongName(Operand<TFloat32> theFirstInputOfTheBlock,
      Operand<TFloat32> theSecondInputOfTheBlock) {
    return GraphQuantizer.layer(quantizer, BLOCK_WITH_A_LONG_NAME, () ->
        super.blockWithALongName(quantizer.input(BLOCK_WITH_A_LONG_NAME_THE_FIRST_INPUT_OF_THE_BLOCK, theFirstInputOfTheBlock),
              quantizer.input(BLOCK_WITH_A_LONG_NAME_THE_SECOND_INPUT_OF_THE_BLOCK, theSecondInputOfTheBlock)));
  }
}
