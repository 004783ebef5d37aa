package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** Messages about bits and frac. */
class RangeDiagnosticsTest {

  @Test
  void bits() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(bits = 32, frac = -7)
        > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
          Operand<TFloat32> conv1(@QuantInt8(bits = 1, frac = -7) Operand<TFloat32> x) {
        > error at 1: [QuantRange] bits must be between 2 and 16, but is 1
            return x;
          }

          @QuantInt8(bits = 17, frac = -7, kernelBits = 0, outputBits = -8)
        > error at 17: [QuantRange] bits must be between 2 and 16, but is 17
        > error at 0: [QuantRange] kernelBits must be between 2 and 16, but is 0
        > error at -8: [QuantRange] outputBits must be between 2 and 16, but is -8
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void frac() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -127)
        > error at -127: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is -127
          Operand<TFloat32> tooFine(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = 121)
        > error at 121: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 121
          Operand<TFloat32> tooCoarse(@QuantInt8(bits = 16, frac = 113) Operand<TFloat32> x) {
        > error at 113: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 113
            return x;
          }

          @QuantInt8(frac = -7, kernelFrac = -127, outputFrac = 121)
        > error at -127: [QuantRange] kernelFrac must be between -126 and 120 for 8 bits to stay within float32, but is -127
        > error at 121: [QuantRange] outputFrac must be between -126 and 120 for 8 bits to stay within float32, but is 121
          Operand<TFloat32> apart(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = QuantInt8.CALIBRATED - 1)
        > error at -: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 2147483646
          Operand<TFloat32> nearlyCalibrated(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(bits = 17)
        > error at 17: [QuantRange] bits must be between 2 and 16, but is 17
          Operand<TFloat32> calibrated(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = QuantInt8.SAME)
        > error at .: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is -2147483648
          Operand<TFloat32> same(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void bitsThatFracDoesNotSuit() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = 118, kernelBits = 16)
        > error at 16: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 118
        > warning at 118: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 118: steps of 3.323E+35 from -4.220E+37 to 4.220E+37; for steps of 2^-118 write -118
          Operand<TFloat32> kernel(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = 125, outputBits = 16)
        > error at 125: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 125
          Operand<TFloat32> both(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = -7, outputBits = 16, outputFrac = 118)
        > error at 118: [QuantRange] outputFrac must be between -126 and 112 for 16 bits to stay within float32, but is 118
          Operand<TFloat32> output(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void bitsAndFrac() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(bits = 32, frac = 113)
        > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
        > error at 113: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 113
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void constantsFromElsewhere() {
    AnnotatedSource.check(
        """
        class Model {
          static final int BITS = 64;

          @QuantInt8(bits = BITS, frac = -7)
        > error at BITS: [QuantRange] bits must be between 2 and 16, but is 64
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }
}
