package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Types {

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> x, FixedPoint format) {
    return x;
  }

  static class FixedPoint {}

  static class GraphQuantizer {}

  static class QuantizedLayer {}

  static class QuantizedInput {}

  static class Generated {}

  static class Override {}
}
