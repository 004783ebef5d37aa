package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@SuppressWarnings("rawtypes")
class RawInner extends GenericBase {
  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> x, Options options) {
    return x;
  }
}
