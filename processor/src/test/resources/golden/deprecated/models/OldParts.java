package models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class OldParts {

  OldParts() {}

  @Deprecated
  OldParts(OldOptions options) {}

  @SuppressWarnings("deprecation")
  OldParts(List<OldOptions.Part> parts) {}

  @QuantInt8(frac = -7)
  @Deprecated
  Operand<TFloat32> conv1(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7)
  @SuppressWarnings("deprecation")
  Operand<TFloat32> conv2(Operand<TFloat32> x, OldOptions... options) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv3(Operand<TFloat32> x) {
    return x;
  }
}
