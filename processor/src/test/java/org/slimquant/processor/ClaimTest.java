package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static org.slimquant.processor.Compilations.classPathWithout;
import static org.slimquant.processor.Compilations.kernel;
import static org.slimquant.processor.Compilations.messages;
import static org.slimquant.processor.Compilations.processors;
import static org.slimquant.processor.Compilations.source;
import static org.slimquant.processor.Compilations.tiny;

import com.google.common.collect.Iterables;
import com.google.testing.compile.Compilation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.processor.element.QuantAnnotation;

/** Builds in which each warning is an error, and the annotations that other processors see. */
class ClaimTest {

  /** Calls javac as a build tool does: it finds the processors on the processor path. */
  @Test
  void everyWarningIsAnError(@TempDir Path directory) throws IOException {
    assertThat(javacWithPlans(tiny("models.Model"), directory)).isEmpty();
    assertThat(Files.exists(directory.resolve("models/QuantizedModel.class"))).isTrue();
  }

  /** For example, the sources of the tests are compiled with the options of the main sources. */
  @Test
  void compilationWithoutModels(@TempDir Path directory) throws IOException {
    JavaFileObject source = source("models.Plain", "package models; class Plain {}");

    assertThat(javacWithPlans(source, directory)).isEmpty();
  }

  @Test
  void annotationsOfOthers() {
    ClaimingProcessor other = new ClaimingProcessor("*");

    Compilation compilation =
        javac()
            .withProcessors(Iterables.concat(processors(), List.of(other)))
            .withOptions("-Xlint:all", "-Werror")
            .compile(
                tiny("models.Model"),
                source("models.Old", "package models; @Deprecated class Old {}"));

    assertThat(messages(compilation)).isEmpty();
    assertThat(other.shown()).contains("java.lang.Deprecated");
    assertThat(other.shown()).doesNotContain(QuantAnnotation.NAME);
  }

  /**
   * Returns javac's messages on a source, compiled with a plan of models.Model and all warnings.
   */
  private static String javacWithPlans(JavaFileObject source, Path directory) throws IOException {
    new QuantizationPlan(List.of(kernel("conv1", FixedPoint.signed(8, -7))), List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));
    return JavacProcess.compile(
        directory,
        classPathWithout("lombok"),
        List.of("-Xlint:all", "-Werror", "-Aslimquant.plan=" + directory),
        source);
  }
}
