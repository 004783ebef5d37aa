package models;

import org.slimquant.annotations.QuantInt8;
import org.slimquant.annotations.Sign;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

abstract class Formats {

  @QuantInt8(frac = -7)
  Operand<TFloat32> defaults(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(bits = 16, frac = -12, outputFrac = -10, sign = Sign.UNSIGNED)
  Operand<TFloat32> output(@QuantInt8(bits = 4, frac = -3, sign = Sign.UNSIGNED) Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7, kernelBits = 4)
  Operand<TFloat32> kernelBits(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7, kernelFrac = -9)
  Operand<TFloat32> kernelFrac(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(
      bits = 2,
      frac = -126,
      kernelBits = QuantInt8.SAME,
      kernelFrac = QuantInt8.SAME,
      outputBits = 16,
      outputFrac = QuantInt8.SAME)
  Operand<TFloat32> limits(Operand<TFloat32> x) {
    return x;
  }

  @SuppressWarnings("PositiveFrac")
  @QuantInt8(bits = 2, frac = 126, outputBits = 16, outputFrac = 112)
  Operand<TFloat32> otherLimits(Operand<TFloat32> x) {
    return x;
  }
}
