package models;

import org.slimquant.annotations.QuantInt8;
import org.slimquant.annotations.Sign;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

abstract class Model {

  @QuantInt8
  Operand<TFloat32> defaults(@QuantInt8 Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(bits = 4, outputBits = 16, sign = Sign.UNSIGNED)
  Operand<TFloat32> widths(@QuantInt8(bits = 4, sign = Sign.UNSIGNED) Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(perChannel = true)
  Operand<TFloat32> channels(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(perChannel = true, kernelBits = 4, outputFrac = -5)
  Operand<TFloat32> channelsAndOutput(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(perChannel = true, frac = -5, kernelFrac = QuantInt8.CALIBRATED)
  Operand<TFloat32> channelsAndFrac(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(kernelFrac = -7)
  Operand<TFloat32> kernelFrac(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7, outputFrac = QuantInt8.CALIBRATED)
  Operand<TFloat32> outputOnly(Operand<TFloat32> x) {
    return x;
  }
}
