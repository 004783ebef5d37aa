package org.slimquant.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

/** Every message about a plan at compile time, with its text and its place. */
class PlanDiagnosticsTest {

  private static final Site KERNEL =
      site("conv1/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -7));
  private static final Site OUTPUT =
      site("conv1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5));

  private static final String MODEL =
      """
      class Model {
        @QuantInt8
        Operand<TFloat32> conv1(Operand<TFloat32> x) {
          return x;
        }
      }
      """;

  private final Path directory;

  PlanDiagnosticsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void planThatFits() throws IOException {
    write(KERNEL, OUTPUT);

    check(MODEL);
  }

  /** The model gave the second call a name. */
  @Test
  void planWithNamedCalls() throws IOException {
    write(
        KERNEL,
        OUTPUT,
        site("stage1/block3/conv1/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -7)),
        site("stage1/block3/conv1_1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)));

    check(MODEL);
  }

  @Test
  void noDirectory() {
    AnnotatedSource.checkWithPlans(
        Path.of("no", "plans"),
        """
        class Model {
        > error at class: [QuantPlan] the option slimquant.plan must be a directory, but is no/plans
          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void noFile() {
    check(
        """
        class Model {
        > note at class: [QuantPlan] Model has formats to calibrate and no models.Model.plan.txtpb, so they are left to run time
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(@QuantInt8 Operand<TFloat32> x) {
            return x;
          }
        }

        class Fixed {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  /** A file system that ignores case would open this file for the model, others would not. */
  @Test
  void fileWithOtherLetters() throws IOException {
    writePlanOf("models.model", KERNEL, OUTPUT);

    check(
        """
        class Model {
        > error at class: [QuantPlan] the plan of Model must be in models.Model.plan.txtpb, but the file is models.model.plan.txtpb
          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void damagedFile() throws IOException {
    Path file = directory.resolve("models.Model.plan.txtpb");
    Files.writeString(file, "version: 1\nsite {\n  name: \"conv1/SlimQuant/kernel\"\n", UTF_8);

    check(
        """
        class Model {
        > error at class: [QuantPlan] the plan of Model must be readable, but FILE:4: Expected "}".
          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """
            .replace("FILE", file.toString()));
  }

  @Test
  void missingSites() throws IOException {
    write(KERNEL);

    check(
        """
        class Model {
          @QuantInt8
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but conv1/SlimQuant/output is not
          Operand<TFloat32> conv1(
              @QuantInt8 Operand<TFloat32> x,
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but conv1/SlimQuant/x is not
              @QuantInt8(frac = -7) Operand<TFloat32> y) {
            return x;
          }

          @QuantInt8(perChannel = true, outputFrac = -5)
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but conv2/SlimQuant/kernel is not
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(outputFrac = -5)
          Operand<TFloat32> maybeWithoutKernel(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  /** A tensor that two layers share has the site of the first; the plan remarks the other. */
  @Test
  void siteOfATensorThatAnotherLayerHas() throws IOException {
    new QuantizationPlan(
            List.of(KERNEL, OUTPUT),
            List.of(new Remark("conv1/SlimQuant/x", "is before/SlimQuant/output")))
        .write(directory.resolve("models.Model.plan.txtpb"));

    check(
        """
        class Model {
          @QuantInt8
          Operand<TFloat32> conv1(
              @QuantInt8 Operand<TFloat32> x,
              @QuantInt8 Operand<TFloat32> y) {
        > error at @: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but conv1/SlimQuant/y is not
            return x;
          }
        }
        """);
  }

  @Test
  void sitesInExcess() throws IOException {
    write(
        KERNEL,
        OUTPUT,
        site("conv1/SlimQuant/x", Kind.INPUT, FixedPoint.signed(8, -7)),
        site("conv1_1/SlimQuant/kernel", Kind.INPUT, FixedPoint.signed(8, -7)),
        site("conv1_1_1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)),
        site("conv2/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)),
        site("loss", Kind.OUTPUT, FixedPoint.signed(8, -5)));

    check(
        """
        class Model {
        > error at class: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but conv1_1_1/SlimQuant/output belongs to no layer
        > error at class: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but conv2/SlimQuant/output belongs to no layer
        > error at class: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but loss belongs to no layer
          @QuantInt8
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but conv1/SlimQuant/x, of kind INPUT, is none of layer conv1
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be one of Model, but conv1_1/SlimQuant/kernel, of kind INPUT, is none of layer conv1
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void otherFormats() throws IOException {
    write(
        site("conv1/SlimQuant/kernel", Kind.KERNEL, PerChannel.of(8, -7, -6)),
        site("conv1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(16, -5)),
        site("conv2/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -7)),
        site("conv2/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)),
        site("conv3/SlimQuant/x", Kind.INPUT, FixedPoint.signed(8, -7)),
        site("conv3/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -6)),
        site("conv3/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)));

    check(
        """
        class Model {
          @QuantInt8
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, int8 with one frac, but conv1/SlimQuant/kernel is int8 * 2^-7..-6
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, int8 or uint8 with one frac, but conv1/SlimQuant/output is int16 * 2^-5
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(perChannel = true, sign = Sign.UNSIGNED)
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, int8 with a frac for each channel, but conv2/SlimQuant/kernel is int8 * 2^-7
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, uint8 with one frac, but conv2/SlimQuant/output is int8 * 2^-5
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(kernelFrac = -7, outputFrac = -5)
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, int8 * 2^-7, but conv3/SlimQuant/kernel is int8 * 2^-6
          Operand<TFloat32> conv3(@QuantInt8(bits = 4) Operand<TFloat32> x) {
        > error at @: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, int4 or uint4 with one frac, but conv3/SlimQuant/x is int8 * 2^-7
            return x;
          }
        }
        """);
  }

  @Test
  void callsThatDiffer() throws IOException {
    write(
        KERNEL,
        site("conv1/SlimQuant/bias", Kind.BIAS, new BiasFormat(List.of(-14))),
        OUTPUT,
        site("conv1_1/SlimQuant/bias", Kind.BIAS, new BiasFormat(List.of(-12))),
        site("conv1_1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)),
        site("conv1_2/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -4)));

    check(
        """
        class Model {
          @QuantInt8
        > error at @: [QuantPlan] all calls of a layer must have the same formats, which they share, but in models.Model.plan.txtpb conv1/SlimQuant/output is int8 * 2^-5 and conv1_2/SlimQuant/output is int8 * 2^-4
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void layerNamedLikeALaterCall() throws IOException {
    write(
        KERNEL,
        OUTPUT,
        site("conv1_1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -4)),
        site("conv1_1_1/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -4)));

    check(
        """
        class Model {
          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8
          Operand<TFloat32> conv1_1(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }

  @Test
  void inheritedLayer() throws IOException {
    write(KERNEL, OUTPUT, site("conv0/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(4, -7)));
    writePlanOf(
        "base.Base",
        site("conv0/SlimQuant/kernel", Kind.KERNEL, FixedPoint.signed(8, -7)),
        site("conv0/SlimQuant/output", Kind.OUTPUT, FixedPoint.signed(8, -5)));

    AnnotatedSource.checkWithPlans(
        directory,
        """
        class Model extends base.Base {
        > error at class: [QuantPlan] a site of models.Model.plan.txtpb must be what its annotation says, int8 with one frac, but conv0/SlimQuant/kernel is int4 * 2^-7
        > error at class: [QuantPlan] a site without frac must be in models.Model.plan.txtpb, but conv0/SlimQuant/output is not
          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """,
        JavaFileObjects.forSourceString(
            "base.Base",
            """
            package base;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            public class Base {
              @QuantInt8
              protected Operand<TFloat32> conv0(Operand<TFloat32> x) {
                return x;
              }
            }
            """));
  }

  private void check(String expected) {
    AnnotatedSource.checkWithPlans(directory, expected);
  }

  private void write(Site... sites) throws IOException {
    writePlanOf("models.Model", sites);
  }

  private void writePlanOf(String model, Site... sites) throws IOException {
    new QuantizationPlan(List.of(sites), List.of()).write(directory.resolve(model + ".plan.txtpb"));
  }

  private static Site site(String name, Kind kind, Format format) {
    return new Site(name, kind, "t:0", format, new Source.Hand(), Optional.empty());
  }
}
