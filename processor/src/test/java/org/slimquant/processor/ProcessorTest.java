package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.slimquant.processor.Compilations.BASE;
import static org.slimquant.processor.Compilations.MODEL;
import static org.slimquant.processor.Compilations.compile;
import static org.slimquant.processor.Compilations.generated;
import static org.slimquant.processor.Compilations.kernel;
import static org.slimquant.processor.Compilations.messages;
import static org.slimquant.processor.Compilations.source;
import static org.slimquant.processor.Compilations.tiny;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Lists;
import com.google.common.collect.SetMultimap;
import com.google.common.io.Resources;
import com.google.testing.compile.Compilation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.annotation.processing.Processor;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;

/** The effects of the processor on a whole compilation. */
class ProcessorTest {

  @Test
  void sameOutputFromRunToRun() throws IOException {
    List<JavaFileObject> sources =
        ImmutableList.of(BASE, MODEL, tiny("models.A"), tiny("models.B"), tiny("models.C"));

    Map<String, String> first = generated(compile(sources));
    Map<String, String> second = generated(compile(sources));
    Map<String, String> reversed = generated(compile(Lists.reverse(sources)));

    assertThat(first.keySet())
        .containsExactly(
            "base/QuantizedBase.java",
            "models/QuantizedA.java",
            "models/QuantizedB.java",
            "models/QuantizedC.java",
            "models/QuantizedModel.java");
    assertThat(second).isEqualTo(first);
    assertThat(reversed).isEqualTo(first);
  }

  @Test
  void registration() throws IOException {
    assertThat(resource("META-INF/gradle/incremental.annotation.processors"))
        .isEqualTo(
            """
            org.slimquant.processor.LocalModelsProcessor,isolating
            org.slimquant.processor.QuantInt8Processor,isolating
            """);
    assertThat(resource("META-INF/services/javax.annotation.processing.Processor"))
        .isEqualTo(
            """
            org.slimquant.processor.LocalModelsProcessor
            org.slimquant.processor.QuantInt8Processor
            """);
  }

  @Test
  void oneOriginatingElementForEachGeneratedClass() {
    RecordingProcessor processor = new RecordingProcessor(new QuantInt8Processor(), false);

    Compilation compilation = javac().withProcessors(processor).compile(BASE, MODEL);

    assertThat(compilation).succeededWithoutWarnings();
    SetMultimap<String, String> origins = processor.originatingElements();
    assertThat(origins)
        .isEqualTo(
            ImmutableSetMultimap.of(
                "base.QuantizedBase", "base.Base", "models.QuantizedModel", "models.Model"));
  }

  @Test
  void fullDisk() {
    Compilation compilation =
        javac()
            .withProcessors(new RecordingProcessor(new QuantInt8Processor(), true))
            .compile(tiny("models.Model"));

    assertThat(messages(compilation))
        .containsExactly("7: [QuantModel] QuantizedModel must be written, but the disk is full");
  }

  @Test
  void moreChannelsThanOneMethodHolds(@TempDir Path directory) throws IOException {
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            class Model {
              @QuantInt8(perChannel = true, outputFrac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }

              @QuantInt8(perChannel = true, outputFrac = -7)
              Operand<TFloat32> conv2(Operand<TFloat32> x) {
                return x;
              }

              @QuantInt8(outputFrac = -7)
              Operand<TFloat32> dense(Operand<TFloat32> x) {
                return x;
              }
            }
            """);
    int[] fracs = IntStream.range(0, 6000).map(channel -> -channel % 100).toArray();
    new QuantizationPlan(
            List.of(
                kernel("conv1", PerChannel.of(8, fracs)),
                kernel("conv2", PerChannel.of(8, fracs)),
                kernel("dense", FixedPoint.signed(8, -7))),
            List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));

    Compilation compilation =
        javac()
            .withProcessors(Compilations.processors())
            .withOptions("-Aslimquant.plan=" + directory, "-Xlint:all", "-Werror")
            .compile(model);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("QuantizedLayer.withKernel(\n      \"conv2\", Kernels.conv2Kernel(), ");
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("\"dense\", PLAN.signed(8, -7), ");
  }

  @Test
  void supportedOptions() {
    for (Processor processor : Compilations.processors()) {
      assertThat(processor.getSupportedOptions()).containsExactly("slimquant.plan");
    }
  }

  @Test
  void nothingForClassWithoutOwnLayer() throws IOException {
    JavaFileObject model =
        source("models.Model", "package models; class Model extends base.Base {}");

    Compilation compilation = compile(List.of(BASE, model));

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).keySet()).containsExactly("base/QuantizedBase.java");
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(Resources.getResource(name), UTF_8);
  }
}
