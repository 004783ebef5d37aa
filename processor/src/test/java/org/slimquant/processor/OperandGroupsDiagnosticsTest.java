package org.slimquant.processor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

/** Messages about layers that take or return several operands. */
final class OperandGroupsDiagnosticsTest {

  @Test
  void otherRecords() {
    AnnotatedSource.check(
        """
        class Model {
          record Empty() {}

          record Counted(Operand<TFloat32> x, int count) {}

          @QuantInt8
          Empty empty(Operand<TFloat32> x) {
        > error at empty: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but empty returns Model.Empty
            return null;
          }

          @QuantInt8
          Counted counted(Operand<TFloat32> x) {
        > error at counted: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but counted returns Model.Counted
            return null;
          }

          @QuantInt8
          List<? extends Operand<TFloat32>> wildcard(Operand<TFloat32> x) {
        > error at wildcard: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but wildcard returns List<? extends Operand<TFloat32>>
            return null;
          }
        }
        """);
  }

  @Test
  void recordThatIsHidden() {
    AnnotatedSource.check(
        """
        class Model {
          private record Heads(Operand<TFloat32> x, Operand<TFloat32> y) {}

          @QuantInt8
          Heads heads(Operand<TFloat32> x) {
        > error at heads: [QuantLayer] the types of a layer must be visible to a subclass, but Heads of heads is not
            return null;
          }
        }
        """);
  }

  @Test
  void names() {
    AnnotatedSource.check(
        """
        class Model {
          record Heads(Operand<TFloat32> kernel, Operand<TFloat32> bias, Operand<TFloat32> output) {}

          record Pair(Operand<TFloat32> left, Operand<TFloat32> _right) {}

          @QuantInt8
          Heads heads(Operand<TFloat32> x) {
        > error at heads: [QuantName] a component's name must not be kernel or bias, which are other tensors of its layer, but that of the record of heads is kernel
        > error at heads: [QuantName] a component's name must not be kernel or bias, which are other tensors of its layer, but that of the record of heads is bias
            return null;
          }

          @QuantInt8
          Pair pair(@QuantInt8 Operand<TFloat32> left) {
        > error at pair: [QuantName] an output's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is _right
        > error at left: [QuantName] an input must have a name of its own, but left is also the name of an output of pair
            return null;
          }

          @QuantInt8
          List<Operand<TFloat32>> split(@QuantInt8(name = "output_1") Operand<TFloat32> x) {
        > error at ": [QuantName] an input must have a name of its own, but output_1 is also the name of an output of split
            return null;
          }

          @QuantInt8
          Operand<TFloat32> concat(
              @QuantInt8 List<Operand<TFloat32>> x, @QuantInt8 Operand<TFloat32> x_1) {
        > error at x_1: [QuantName] an input must have a name of its own, but x_1 is also the name of an operand in an array of concat
            return null;
          }
        }
        """);
  }

  @Test
  void plan(@TempDir Path directory) throws IOException {
    new QuantizationPlan(
            List.of(
                site("heads/SlimQuant/output", Kind.OUTPUT),
                site("heads/SlimQuant/boxes", Kind.OUTPUT),
                site("split/SlimQuant/output_x", Kind.OUTPUT)),
            List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));

    AnnotatedSource.checkWithPlans(
        directory,
        """
        class Model {
          record Heads(Operand<TFloat32> boxes, Operand<TFloat32> scores) {}

          @QuantInt8
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but heads/SlimQuant/output, of kind OUTPUT, is none of layer heads
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but heads/SlimQuant/scores is not
          Heads heads(Operand<TFloat32> x) {
            return null;
          }

          @QuantInt8
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but split/SlimQuant/output_x, of kind OUTPUT, is none of layer split
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but split/SlimQuant/output is not
          List<Operand<TFloat32>> split(@QuantInt8 Operand<TFloat32>[] x) {
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but split/SlimQuant/x is not
            return null;
          }
        }
        """);
  }

  private static Site site(String name, Kind kind) {
    return new Site(
        name, kind, "t:0", FixedPoint.signed(8, -5), new Source.Hand(), Optional.empty());
  }
}
