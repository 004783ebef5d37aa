package org.slimquant.runtime.fakequant;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.types.TFloat32;

/** Fake quants that are read back from a graph. */
final class FakeQuantFormsTest {

  private final FakeQuantForms forms = new FakeQuantForms();
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);

  @AfterEach
  void close() {
    graph.close();
  }

  @Test
  void everyFormatIsKnownByItsBounds() {
    for (int bits = FixedPoint.MIN_BITS; bits <= FixedPoint.MAX_BITS; bits++) {
      for (int frac : new int[] {Float.MIN_EXPONENT, -20, -1, 0, 1, 7, 128 - bits}) {
        for (boolean signed : new boolean[] {true, false}) {
          FixedPoint format = new FixedPoint(bits, frac, signed);

          assertWithMessage("%s", format)
              .that(forms.format(fakeQuant(format.min(), format.max(), bits, signed)))
              .hasValue(format);
        }
      }
    }
  }

  @Test
  void boundsOfNoFormat() {
    assertThat(forms.format(fakeQuant(-1, 1, 8, false))).isEmpty();
    assertThat(forms.format(fakeQuant(-1, 1, 8, true))).isEmpty();
    assertThat(forms.format(fakeQuant(-128, 127, 8, false))).isEmpty();
    assertThat(forms.format(fakeQuant(0, 127, 8, true))).isEmpty();
    assertThat(forms.format(fakeQuant(0, 0, 8, false))).isEmpty();
    assertThat(forms.format(fakeQuant(0, 6, 8, false))).isEmpty();
  }

  @Test
  void boundsThatAreFed() {
    Placeholder<TFloat32> max = tf.placeholder(TFloat32.class);
    Operand<TFloat32> fed =
        tf.quantization.fakeQuantWithMinMaxVars(
            x, tf.constant(-127f), max, FakeQuantWithMinMaxVars.narrowRange(true));

    assertThat(forms.format((GraphOperation) fed.op())).isEmpty();
  }

  @Test
  void bothForms() {
    FixedPoint format = FixedPoint.unsigned(8, -6);
    for (GradientForm form : GradientForm.values()) {
      Operand<TFloat32> rounded =
          PerTensorFakeQuant.add(tf.scope(), "rounded" + form, x.asOutput(), format, form);

      assertThat(forms.format((GraphOperation) rounded.op())).hasValue(format);
    }
  }

  private GraphOperation fakeQuant(float min, float max, int bits, boolean narrow) {
    return (GraphOperation)
        tf.quantization
            .fakeQuantWithMinMaxVars(
                x,
                tf.constant(min),
                tf.constant(max),
                FakeQuantWithMinMaxVars.numBits((long) bits),
                FakeQuantWithMinMaxVars.narrowRange(narrow))
            .op();
  }
}
