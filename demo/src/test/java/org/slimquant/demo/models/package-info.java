@NullMarked
package org.slimquant.examples.models;

import org.jspecify.annotations.NullMarked;
