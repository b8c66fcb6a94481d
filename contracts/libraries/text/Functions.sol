// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dangerous} from "./Dangerous.sol";
import {HexText} from "./HexText.sol";
import {IWritModule} from "../../interfaces/IWritModule.sol";
import {Memory} from "../Memory.sol";
import {Names} from "./Names.sol";
import {Pen} from "./Pen.sol";
import {Sheet} from "./Sheet.sol";
import {Types} from "./Types.sol";
import {Words} from "./Words.sol";

/// @title The functions of a grant as their signatures say them, and how they are written.
library Functions {
    // Fields of a function's entry.
    uint256 private constant ARGUMENTS = 0;
    uint256 private constant SIGNATURE = 32;
    uint256 private constant SIZE = 64;
    uint256 private constant NAME_SIZE = 96;
    /// The name as a token; 0 where it has to be cut.
    uint256 private constant NAME = 128;
    /// Not 0 of a command; its selector else, unless it is a dangerous function's.
    uint256 private constant COMMAND = 160;
    uint256 private constant SELECTOR = 192;
    uint256 private constant HEAD_WORDS = 224;
    /// The descriptor that the signature gives, and its size; 0 where every argument is static.
    uint256 private constant DESCRIPTOR = 256;
    uint256 private constant DESCRIPTOR_SIZE = 288;
    /// Five words of Pen, once the types were written.
    uint256 private constant TYPES = 320;

    /// @notice Reads the functions `functionCount2 ‖ function*` at `p`; the position behind them.
    function open(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 2);
            uint256 entry = Memory.take(Sheet.SIZE_OF_FUNCTION * count);
            Memory.put(Sheet.FUNCTIONS, entry);
            p += 2;
            for (; count != 0; --count) {
                p = read(p, entry);
                entry += Sheet.SIZE_OF_FUNCTION;
            }
            return p;
        }
    }

    function read(uint256 p, uint256 entry) private pure returns (uint256) {
        unchecked {
            uint256 size = Memory.number(p, 2);
            p += 2;
            uint256 open_ = p;
            while (Memory.number(open_, 1) != 0x28) if (++open_ == p + size) Sheet.fail(p);
            Memory.put(Sheet.NAMES, p + size);
            (uint256 arguments, uint256 end) = Types.tuple(open_, 0);
            if (end != p + size) Sheet.fail(p);
            Memory.put(entry + ARGUMENTS, arguments);
            Memory.put(entry + SIGNATURE, p);
            Memory.put(entry + SIZE, size);
            Memory.put(entry + NAME_SIZE, open_ - p);
            (uint256 words, bool dynamic) = Types.heads(arguments);
            Memory.put(entry + HEAD_WORDS, words);
            Memory.put(entry + DESCRIPTOR, 0);
            Memory.put(entry + DESCRIPTOR_SIZE, 0);
            if (dynamic) {
                uint256 start = Memory.take(0);
                end = Types.descriptor(arguments, start);
                Memory.takeUntil((end + 31) & ~uint256(31));
                Memory.put(entry + DESCRIPTOR, start);
                Memory.put(entry + DESCRIPTOR_SIZE, end - start);
            }
            Memory.put(entry + TYPES, 0);
            Memory.put(entry + SELECTOR, 0);
            // A function's name does not begin with a digit.
            bool command = Memory.number(p, 1) == 0x30;
            Memory.put(entry + COMMAND, command ? 1 : 0);
            if (!command) {
                Names.ofFunction(p, open_ - p);
                Memory.put(entry + NAME, Names.whole(p, open_ - p));
                uint256 hash = Memory.hash(p, size);
                (bool found, bool lies) = Dangerous.known(hash);
                if (lies) revert IWritModule.LyingName(bytes4(bytes32(hash)));
                if (!found) Memory.put(entry + SELECTOR, HexText.token(hash >> 224, 4));
            }
            return Memory.word(Sheet.NAMES);
        }
    }

    /// @notice The entry of function number `index`; 0 where the number is none's.
    function entryOf(uint256 index) internal pure returns (uint256) {
        unchecked {
            return index == 0xffff ? 0 : Memory.word(Sheet.FUNCTIONS) + Sheet.SIZE_OF_FUNCTION * index;
        }
    }

    /// @notice The arguments of an entry; 0 of none.
    function argumentsOf(uint256 entry) internal pure returns (uint256) {
        unchecked {
            return entry == 0 ? 0 : Memory.word(entry + ARGUMENTS);
        }
    }

    /// @notice Refuses a body whose words of heads at `p`, or whose descriptor behind them, are not the signature's; where what follows begins.
    function compare(uint256 entry, uint256 p, bool descriptor) internal pure returns (uint256) {
        unchecked {
            uint256 size = Memory.word(entry + DESCRIPTOR_SIZE);
            if (Memory.number(p, 1) != Memory.word(entry + HEAD_WORDS) || (size != 0) != descriptor) Sheet.fail(p);
            ++p;
            if (!descriptor) return p;
            if (
                Memory.number(p, 1) != size ||
                Memory.hash(p + 1, size) != Memory.hash(Memory.word(entry + DESCRIPTOR), size)
            ) Sheet.fail(p);
            return p + 1 + size;
        }
    }

    /// @notice Writes what is called: name, types on lines of their own, and the selector unless the name is known to be its only one.
    function write(uint256 entry) internal pure {
        unchecked {
            uint256 p = Memory.word(entry + SIGNATURE);
            uint256 nameSize = Memory.word(entry + NAME_SIZE);
            bool command = Memory.word(entry + COMMAND) != 0;
            if (command) {
                Pen.word(Words.COMMAND);
                Pen.more(HexText.token((digit(p + 2) << 4) | digit(p + 3), 1));
            } else if (Memory.word(entry + NAME) != 0) {
                Pen.word(Memory.word(entry + NAME));
            } else {
                Names.write(p, nameSize);
            }
            if (Memory.word(entry + TYPES) == 0)
                Pen.types(p + nameSize, Memory.word(entry + SIZE) - nameSize, entry + TYPES);
            else Pen.repeat(entry + TYPES);
            uint256 selector = Memory.word(entry + SELECTOR);
            if (selector == 0) return;
            Pen.word(Words.SELECTOR);
            Pen.more(selector);
        }
    }

    /// @dev The value of a hex digit, in lower case.
    function digit(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 letter = Memory.number(p, 1);
            return letter < 0x3a ? letter - 0x30 : letter - 0x57;
        }
    }
}
