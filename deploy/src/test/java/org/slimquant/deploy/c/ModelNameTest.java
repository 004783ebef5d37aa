package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lenet",
        "model",
        "keyword_spotting_v1_small",
        "keyword_spotting_v1_large",
        "net_1",
        "x",
        "int",
        "abcdefghijklmnopqrstuvwxyz",
        "image_classifier",
      })
  void plainNamesStay(String name) {
    assertThat(ModelName.of(name).text()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "LeNet, lenet_",
    "net-1, net_1_",
    "net.1, net_1_",
    "net__1, net_1_",
    "my model!, my_model_",
    "9lives, model_9lives_",
    "\u043c, model_",
    "\u4eba\u8138, model_",
    "__x__, x_",
    "' x', x_",
    "abcdefghijklmnopqrstuvwxyz1, abcdefghijklmno_",
    "abcdefghijklmn-opq, abcdefghijklmn_",
    "x_test, x_test_",
    "_test, test_",
    "x_config, x_config_",
    "x_no_static, x_no_static_",
    "net_1_0123456789, net_1_012345678_",
    "math, math_",
    "features, features_",
    "stdio, stdio_",
    "errno, errno_",
    "time, time_",
    "limits, limits_",
    "arduino, arduino_",
    "main, main_",
    "aux, aux_",
    "com1, com1_",
  })
  void othersGetAHash(String name, String beginning) {
    String text = ModelName.of(name).text();

    assertThat(text).startsWith(beginning);
    assertThat(text.substring(beginning.length())).matches("[0-9][0-9a-v]{9}");
    assertThat(text.length()).isAtMost(ModelName.LONGEST);
  }

  /** A name in C is one itself, and another model's. */
  @Test
  void aHashIsNotTakenForAName() {
    String once = ModelName.of("net-1").text();

    assertThat(ModelName.of(once).text()).isNotEqualTo(once);
  }

  @Test
  void sameNameEachTime() {
    assertThat(ModelName.of("net-1").text()).isEqualTo("net_1_88hlr0pnn6");
  }

  @Test
  void noTwoNamesAreTheSame() {
    long seed = 20261127;
    Random random = new Random(seed);
    List<String> parts =
        List.of("net", "Net", "NET", "_", "-", " ", ".", "1", "test", "config", "x", "\u00e9", "/");
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < 50_000; i++) {
      StringBuilder name = new StringBuilder(parts.get(random.nextInt(parts.size())));
      for (int more = random.nextInt(9); more > 0; more--) {
        name.append(parts.get(random.nextInt(parts.size())));
      }
      String text = ModelName.of(name.toString()).text();

      assertThat(text).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*");
      String other = names.put(text, name.toString());
      if (other != null) {
        assertWithMessage("%s, seed %s", text, seed).that(name.toString()).isEqualTo(other);
      }
    }
    assertThat(names.size()).isGreaterThan(20_000);
  }

  /**
   * Were {@code run_in} a name in C as well as {@code in}, it would be one of model {@code net} and
   * one of model {@code net_run}.
   */
  @Test
  void noNameInAFileCouldBeOfAModelWithALongerName(@TempDir Path directory) throws Exception {
    Set<String> words = new LinkedHashSet<>();
    for (int bits : List.of(8, 16)) {
      CFiles files = CExporter.write(ExportedModels.random(1, 45, bits), directory);
      for (Path file : List.of(files.header(), files.source(), files.test())) {
        String prefix =
            "\\b(?:%s|%s)_".formatted(files.name(), files.macro("").replaceAll("_$", ""));
        Matcher matcher = Pattern.compile(prefix + "(\\w+)").matcher(Files.readString(file));
        while (matcher.find()) {
          words.add(matcher.group(1));
        }
      }
    }
    assertThat(words).containsAtLeast("run", "run_in", "layer", "CONST", "INPUT_SIZE", "test");

    for (String word : words) {
      for (String end : words) {
        if (word.endsWith("_" + end)) {
          String between = word.substring(0, word.length() - end.length() - 1);
          String longer = "net_" + between.toLowerCase(Locale.ROOT);
          boolean noModels = !ModelName.of(longer).text().equals(longer);
          boolean table = Character.isUpperCase(word.charAt(0)) && !word.equals(upper(word));
          assertWithMessage("%s of net, %s of %s", word, end, longer)
              .that(noModels || table)
              .isTrue();
        }
      }
    }
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
