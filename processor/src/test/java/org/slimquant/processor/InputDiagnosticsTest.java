package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** Messages about an input. */
class InputDiagnosticsTest {

  @Test
  void otherTypes() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(
              @QuantInt8(frac = -7) Operand<TInt32> integers,
        > error at integers: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but integers is of type Operand<TInt32>
              @QuantInt8(frac = -7) int stride,
        > error at stride: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but stride is of type int
              @QuantInt8(frac = -7) org.tensorflow.Output<TFloat32> output,
        > error at output: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but output is of type Output<TFloat32>
        > error at output: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is output
              @QuantInt8(frac = -7) Set<Operand<TFloat32>> set,
        > error at set: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but set is of type Set<Operand<TFloat32>>
              @QuantInt8(frac = -7) List<? super Operand<TFloat32>> supers,
        > error at supers: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but supers is of type List<? super Operand<TFloat32>>
              @QuantInt8(frac = -7) Operand<TInt32>... rest) {
        > error at rest: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but rest is of type Operand<TInt32>[]
            return null;
          }
        }
        """);
  }

  @Test
  void namedLikeAnotherSite() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> kernel) {
        > error at kernel: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is kernel
            return kernel;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv2(@QuantInt8(frac = -7) Operand<TFloat32> output) {
        > error at output: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is output
            return output;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv3(Operand<TFloat32> kernel) {
            return kernel;
          }
        }
        """);
  }

  @Test
  void severalFormats() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(
              @QuantInt8(frac = -7, kernelFrac = -6, kernelBits = 9) Operand<TFloat32> x,
        > error at 9: [QuantInput] an input must have one format, of bits and frac, but x has kernelBits
        > error at -6: [QuantInput] an input must have one format, of bits and frac, but x has kernelFrac
              @QuantInt8(frac = -7, outputFrac = -6, outputBits = 9) Operand<TFloat32> y) {
        > error at 9: [QuantInput] an input must have one format, of bits and frac, but y has outputBits
        > error at -6: [QuantInput] an input must have one format, of bits and frac, but y has outputFrac
            return x;
          }
        }
        """);
  }

  @Test
  void parameterOfNoLayer() {
    AnnotatedSource.check(
        """
        class Model {
          Model(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to a constructor

          Operand<TFloat32> logits(@QuantInt8(frac = -7) Operand<TFloat32> images) {
        > error at images: [QuantInput] an input must be a parameter of a layer, but images belongs to logits, which is no layer
            return images;
          }
        }
        """);
  }

  @Test
  void parameterOfLambda() {
    AnnotatedSource.check(
        """
        class Model {
          final java.util.function.UnaryOperator<Operand<TFloat32>> layer =
              (@QuantInt8(frac = -7) Operand<TFloat32> x) -> x;
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to a lambda
        }
        """);
  }

  @Test
  void parameterOfCatchClause() {
    AnnotatedSource.check(
        """
        class Model {
          void run() {
            try {
              run();
            } catch (@QuantInt8(frac = -7) RuntimeException e) {
        > error at e: [QuantInput] an input must be a parameter of a layer, but e belongs to a catch clause
            }
          }
        }
        """);
  }

  @Test
  void parameterOfOverride() {
    AnnotatedSource.check(
        """
        class Base {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> x) {
            return x;
          }
        }

        class Model extends Base {
          @Override
          Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> x) {
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to conv1, which is no layer
            return x;
          }
        }
        """);
  }

  @Test
  void names() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7, name = "first")
        > error at ": [QuantName] a layer must have the name of its method, but conv1 has another
          Operand<TFloat32> conv1(
              @QuantInt8(frac = -7, name = "arg0") Operand<TFloat32> a,
              @QuantInt8(frac = -7, name = "kernel") Operand<TFloat32> b,
        > error at ": [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is kernel
              @QuantInt8(frac = -7, name = "c/d") Operand<TFloat32> c,
        > error at ": [QuantName] an input's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is c/d
              @QuantInt8(frac = -7, name = "e") Operand<TFloat32> d,
              @QuantInt8(frac = -7) Operand<TFloat32> e) {
        > error at e: [QuantName] an input must have a name of its own, but conv1 has two inputs named e
            return a;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv2(
              @QuantInt8(frac = -7, name = "output1") Operand<TFloat32> output,
              @QuantInt8(frac = -7) Operand<TFloat32> arg1) {
            return output;
          }
        }
        """);
  }
}
