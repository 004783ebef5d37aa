package models;

import org.slimquant.annotations.QuantInt8;
import org.slimquant.annotations.Sign;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The defaults of a class. Those of {@code Derived} do not matter to the layers it inherits. */
@QuantInt8(bits = 6, kernelBits = 4, perChannel = true, sign = Sign.SIGNED)
class Base {

  @QuantInt8
  Operand<TFloat32> asTheClass(@QuantInt8 Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(bits = 8)
  Operand<TFloat32> bitsGoBeforeKernelBits(@QuantInt8(bits = 12) Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(outputBits = 16, perChannel = false, sign = Sign.CALIBRATED)
  Operand<TFloat32> others(@QuantInt8(sign = Sign.UNSIGNED) Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(kernelBits = QuantInt8.SAME, outputFrac = -4)
  Operand<TFloat32> sameAsBits(@QuantInt8(frac = -7) Operand<TFloat32> x) {
    return x;
  }
}
