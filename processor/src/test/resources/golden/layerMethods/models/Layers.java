package models;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Layers {

  @QuantInt8(frac = -7)
  public Operand<TFloat32> conv1(@QuantInt8(frac = -6) Operand<TFloat32> images, int stride) {
    return images;
  }

  @QuantInt8(frac = -7)
  protected synchronized Operand<TFloat32> conv2(
      Operand<TFloat32> features, float[] rates, boolean training, String... names) {
    return features;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> constant() throws IOException, TimeoutException {
    throw new IOException();
  }

  @QuantInt8(frac = -7)
  <T extends Number & Comparable<T>, X extends Exception> Operand<TFloat32> generic(
      Operand<TFloat32> x, Map<String, ? super T> options, T limit) throws X {
    return x;
  }

  @QuantInt8(frac = -5)
  Operand<TFloat32> blockWithALongName(
      @QuantInt8(frac = -7) Operand<TFloat32> theFirstInputOfTheBlock,
      @QuantInt8(frac = -7) Operand<TFloat32> theSecondInputOfTheBlock) {
    return theFirstInputOfTheBlock;
  }

  Operand<TFloat32> logits(Operand<TFloat32> images) {
    return conv2(conv1(images, 1), new float[0], true);
  }
}
