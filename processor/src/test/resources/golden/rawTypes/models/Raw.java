package models;

import java.io.Serializable;
import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@SuppressWarnings({"rawtypes", "serial", "unchecked"})
class Raw<T extends Comparable> extends RawBase implements Serializable {

  Raw(List options) {}

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> x, Operand raw, List<Class> classes) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv2(Operand<TFloat32> x, List<T>... lists) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv3(Operand<TFloat32> x, List<?>... lists) {
    return x;
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv4(List<Operand> list, Operand[] array, List raw) {
    return null;
  }
}
