package models;

import base.Base;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

abstract class Middle extends Base<String, List<String>> {

  Middle(String options) {
    super(options);
  }

  @Override
  protected Operand<TFloat32> dropped(Operand<TFloat32> x) {
    return x;
  }
}
