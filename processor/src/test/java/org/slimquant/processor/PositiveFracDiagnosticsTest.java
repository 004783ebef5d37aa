package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** Messages about a frac that is positive. */
class PositiveFracDiagnosticsTest {

  @Test
  void ofAnyFormat() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = 7)
        > warning at 7: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 7: steps of 128 from -16256 to 16256; for steps of 2^-7 write -7
          Operand<TFloat32> conv1(
              @QuantInt8(bits = 4, frac = 1, sign = Sign.UNSIGNED) Operand<TFloat32> x) {
        > warning at 1: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 1: steps of 2 from 0 to 30; for steps of 2^-1 write -1
            return x;
          }

          @QuantInt8(bits = 16, frac = 1, kernelFrac = 30, outputFrac = 100, sign = Sign.UNSIGNED)
        > warning at 30: [PositiveFrac] kernelFrac must be the exponent of the step, which is seldom positive, but is 30: steps of 1073741824 from -3.518E+13 to 3.518E+13; for steps of 2^-30 write -30
        > warning at 100: [PositiveFrac] outputFrac must be the exponent of the step, which is seldom positive, but is 100: steps of 1.268E+30 from 0 to 8.308E+34; for steps of 2^-100 write -100
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = 0)
          Operand<TFloat32> conv3(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void silenced() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = 7)
          @SuppressWarnings({"unchecked", "PositiveFrac"})
          Operand<TFloat32> conv1(@QuantInt8(frac = 7) Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv2(
              @QuantInt8(frac = 7) @SuppressWarnings("PositiveFrac") Operand<TFloat32> x,
              @QuantInt8(frac = 7) @SuppressWarnings("unchecked") Operand<TFloat32> y) {
        > warning at 7: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 7: steps of 128 from -16256 to 16256; for steps of 2^-7 write -7
            return x;
          }
        }

        @SuppressWarnings("PositiveFrac")
        class Outer {
          static class Model {
            @QuantInt8(frac = 7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
        }
        """);
  }
}
