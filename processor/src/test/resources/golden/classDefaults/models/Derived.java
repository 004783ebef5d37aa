package models;

import org.slimquant.annotations.QuantInt8;
import org.slimquant.annotations.Sign;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@QuantInt8(bits = 10, sign = Sign.UNSIGNED)
class Derived extends Base {

  @Override
  @QuantInt8
  Operand<TFloat32> others(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(outputFrac = -4)
  Operand<TFloat32> unsigned(Operand<TFloat32> x) {
    return x;
  }
}
