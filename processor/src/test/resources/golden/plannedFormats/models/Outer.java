package models;

import org.jspecify.annotations.Nullable;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.annotations.Sign;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Outer {

  static class Planned extends Base {

    @QuantInt8
    Operand<TFloat32> conv1(@QuantInt8 Operand<TFloat32> images) {
      return images;
    }

    @QuantInt8(perChannel = true, outputFrac = -4)
    Operand<TFloat32> conv2(Operand<TFloat32> x) {
      return x;
    }

    @QuantInt8(outputBits = 16, sign = Sign.UNSIGNED)
    Operand<TFloat32> calledTwice(Operand<TFloat32> x) {
      return x;
    }

    @QuantInt8
    Operand<TFloat32> withoutKernel(
        @QuantInt8 Operand<TFloat32> remarkedOn, @QuantInt8 @Nullable Operand<TFloat32> missing) {
      return remarkedOn;
    }
  }

  static class Unplanned {
    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }
  }
}
