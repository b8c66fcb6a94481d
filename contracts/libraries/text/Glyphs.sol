// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";
import {Memory} from "../Memory.sol";

/// @title How wide characters are on the first screens of Flex and Stax, in the units of docs/device-text.md.
/// @dev Two bytes for each character stand at a fixed place of memory that Pen takes; what is below 0x20 or above 0x7e is never measured, but the zero byte, of width 0.
library Glyphs {
    uint256 internal constant COLUMNS = 20;
    uint256 internal constant UNITS = 1000;
    uint256 internal constant SPACE = 29;

    /// Where the width of the space stands; the 64 bytes before it stay zero.
    uint256 private constant TABLE = 0xae0;
    /// A word here ends with the width of character 0.
    uint256 private constant ENDS = TABLE - 0x40 - 30;

    /// @notice Writes the table.
    function open() internal pure {
        Memory.put(TABLE, 0x001d001a00240039003b004c003c0013002300210030003b0019002a00190023);
        Memory.put(TABLE + 32, 0x003b002a0039003b003c003900390036003900390019001a003b003c003c0030);
        Memory.put(TABLE + 64, 0x0059003f003c004500410036003500450044002b0033003c0033005200440048);
        Memory.put(TABLE + 96, 0x00380047003c003b003c0045003f0059003c003f0039002200230022002b002b);
        Memory.put(TABLE + 128, 0x002c003400380033003900360023003900350017001700330019004f00350036);
        Memory.put(TABLE + 160, 0x0038003800220030002200360034004a0033003400330022001e0023003b0000);
    }

    function unitsOf(uint256 character) internal pure returns (uint256) {
        unchecked {
            return uint16(Memory.word(ENDS + 2 * character));
        }
    }

    /// The width of each digit, a byte each from the highest on.
    uint256 private constant DIGITS = 0x3b2a393b3c3939363939 << 176;

    /// @notice The width of a digit, given as a number below 10.
    function ofDigit(uint256 digit) internal pure returns (uint256) {
        return Bits.byteAt(DIGITS, digit);
    }

    /// @notice The width of the first `size` characters (32 at most) of a word, of which the rest are zero.
    function measure(uint256 text, uint256 size) internal pure returns (uint256 units) {
        unchecked {
            // No character has the highest bit: each byte becomes its place in the table.
            text <<= 1;
            // Four at a time; zeros behind the end have no width. Above the low 16 bits of a sum stands what is no part of it.
            for (uint256 i = 0; i < size; i += 4) {
                units +=
                    Memory.word(ENDS + Bits.byteAt(text, i)) +
                    Memory.word(ENDS + Bits.byteAt(text, i + 1)) +
                    Memory.word(ENDS + Bits.byteAt(text, i + 2)) +
                    Memory.word(ENDS + Bits.byteAt(text, i + 3));
            }
            return uint16(units);
        }
    }

    /// @notice The width of `size` characters at `p`, any number of them.
    function measureAt(uint256 p, uint256 size) internal pure returns (uint256 units) {
        unchecked {
            for (; size > 32; size -= 32) {
                units += measure(Memory.word(p), 32);
                p += 32;
            }
            return units + measure(first(Memory.word(p), size), size);
        }
    }

    /// @notice A word's first `size` bytes, 32 at most, and zeros.
    function first(uint256 word, uint256 size) internal pure returns (uint256) {
        unchecked {
            uint256 rest = 256 - 8 * size;
            return (word >> rest) << rest;
        }
    }

    /// @notice The token of the `size` characters at `p`, 29 at most.
    function tokenAt(uint256 p, uint256 size) internal pure returns (uint256) {
        unchecked {
            uint256 text = first(Memory.word(p), size);
            return text | (measure(text, size) << 8) | size;
        }
    }

    /// @notice A token's width.
    function widthOf(uint256 token) internal pure returns (uint256) {
        return uint16(token >> 8);
    }

    /// @notice How many characters a token has.
    function lengthOf(uint256 token) internal pure returns (uint256) {
        return uint8(token);
    }

    /// @notice One token behind the other, 29 characters at most together.
    function join(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            // INVARIANT: characters behind a token's length are zero, widths together below 2^16.
            return
                ((a >> 24) << 24) +
                ((((b >> 24) << 24) >> (8 * lengthOf(a))) & ~uint256(0xffffff)) +
                ((a + b) & 0xffffff);
        }
    }
}
