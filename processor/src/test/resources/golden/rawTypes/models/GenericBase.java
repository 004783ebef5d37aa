package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class GenericBase<T> {
  class Options {}

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv0(@QuantInt8(frac = -7) Operand<TFloat32> x, T options) {
    return x;
  }
}
