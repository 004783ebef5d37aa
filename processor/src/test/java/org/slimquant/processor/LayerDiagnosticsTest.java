package org.slimquant.processor;

import org.junit.jupiter.api.Test;

/** Messages about a layer. */
class LayerDiagnosticsTest {

  @Test
  void privateMethod() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          private Operand<TFloat32> conv1(Operand<TFloat32> x) {
        > error at conv1: [QuantLayer] a layer must be visible to a subclass, but conv1 is private
            return x;
          }
        }
        """);
  }

  @Test
  void staticMethod() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          static Operand<TFloat32> conv1(Operand<TFloat32> x) {
        > error at conv1: [QuantLayer] a layer must be an instance method, but conv1 is static
            return x;
          }
        }
        """);
  }

  @Test
  void finalMethod() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          final Operand<TFloat32> conv1(Operand<TFloat32> x) {
        > error at conv1: [QuantLayer] a layer must be open to an override, but conv1 is final
            return x;
          }
        }
        """);
  }

  @Test
  void abstractMethod() {
    AnnotatedSource.check(
        """
        abstract class Model {
          @QuantInt8(frac = -7)
          abstract Operand<TFloat32> conv1(Operand<TFloat32> x);
        > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
        }

        interface Mixin {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x);
        > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
        }

        abstract class Again extends Base {
          @Override
          @QuantInt8(frac = -7)
          abstract Operand<TFloat32> conv1(Operand<TFloat32> x);
        > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
        }

        class Base {
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void otherReturnTypes() {
    AnnotatedSource.check(
        """
        class Model<F extends TFloat32> {
          @QuantInt8(frac = -7)
          Operand<TFloat64> doubles(Operand<TFloat32> x) {
        > error at doubles: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but doubles returns Operand<TFloat64>
            return null;
          }

          @QuantInt8(frac = -7)
          org.tensorflow.Output<TFloat32> output(Operand<TFloat32> x) {
        > error at output: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but output returns Output<TFloat32>
            return null;
          }

          @QuantInt8(frac = -7)
          Operand<? extends TFloat32> wildcard(Operand<TFloat32> x) {
        > error at wildcard: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but wildcard returns Operand<? extends TFloat32>
            return null;
          }

          @QuantInt8(frac = -7)
          Operand<F> variable(Operand<TFloat32> x) {
        > error at variable: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but variable returns Operand<F>
            return null;
          }

          @QuantInt8(frac = -7)
          @SuppressWarnings("rawtypes")
          Operand raw(Operand<TFloat32> x) {
        > error at raw: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but raw returns Operand
            return null;
          }

          @QuantInt8(frac = -7)
          void nothing(Operand<TFloat32> x) {}
        > error at nothing: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but nothing returns void

          @QuantInt8(frac = -7)
          float[] array(Operand<TFloat32> x) {
        > error at array: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but array returns float[]
            return null;
          }
        }
        """);
  }

  @Test
  void overloads() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x, int stride) {
        > error at conv1: [QuantLayer] a layer must have a name of its own, but Model has two layers named conv1
            return x;
          }
        }
        """);
  }

  @Test
  void privateParameterType() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x, List<Options[]> options) {
        > error at conv1: [QuantLayer] the types of a layer must be visible to a subclass, but Options of conv1 is not
            return x;
          }

          private static class Options {}
        }
        """);
  }

  @Test
  void nameThatNoOpCanHave() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8(frac = -7)
          Operand<TFloat32> größe(Operand<TFloat32> x) {
        > error at größe: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is größe
            return x;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> $conv(Operand<TFloat32> x) {
        > error at $conv: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is $conv
            return x;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> _conv(Operand<TFloat32> x) {
        > error at _conv: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is _conv
            return x;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv_1(@QuantInt8(frac = -7) Operand<TFloat32> x$) {
        > error at x$: [QuantName] an input's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is x$
            return x$;
          }
        }
        """);
  }
}
