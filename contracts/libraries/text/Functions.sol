// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dangerous} from "./Dangerous.sol";
import {Glyphs} from "./Glyphs.sol";
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
    /// The types as a token, or five words of Pen, once they were written.
    uint256 private constant TYPES = 224;

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
            while (Memory.one(open_) != 0x28) ++open_;
            Memory.put(Sheet.NAMES, p + size);
            (uint256 arguments, ) = Types.tuple(open_);
            Memory.put(entry + ARGUMENTS, arguments);
            Memory.put(entry + SIGNATURE, p);
            Memory.put(entry + SIZE, size);
            Memory.put(entry + NAME_SIZE, open_ - p);
            Memory.put(entry + TYPES, 0);
            Memory.put(entry + SELECTOR, 0);
            // A function's name does not begin with a digit.
            bool command = Memory.one(p) == 0x30;
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

    /// @notice The position behind a body's words of heads at `p` and the descriptor behind them, if there is one: they are the signature's.
    function skip(uint256 p, bool descriptor) internal pure returns (uint256) {
        unchecked {
            return descriptor ? p + 2 + Memory.one(p + 1) : p + 1;
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
            types(entry, p + nameSize, Memory.word(entry + SIZE) - nameSize);
            uint256 selector = Memory.word(entry + SELECTOR);
            if (selector == 0) return;
            Pen.word(Words.SELECTOR);
            Pen.more(selector);
        }
    }

    /// @dev Writes the types of `size` characters at `p`: as a token, made once, if a line has room for them and a sign.
    function types(uint256 entry, uint256 p, uint256 size) private pure {
        unchecked {
            uint256 kept = Memory.word(entry + TYPES);
            if (kept == 0 && size < Glyphs.COLUMNS) {
                kept = Glyphs.tokenAt(p, size);
                if (Glyphs.widthOf(kept) + Glyphs.widthOf(Words.SEMICOLON) > Glyphs.UNITS) kept = 0;
                Memory.put(entry + TYPES, kept);
            }
            if (kept == 0) return Pen.types(p, size, entry + TYPES);
            // A position is small.
            if (kept <= type(uint128).max) return Pen.repeat(entry + TYPES, p + size);
            Pen.newline();
            Pen.word(kept);
        }
    }

    /// @dev The value of a hex digit, in lower case.
    function digit(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 letter = Memory.one(p);
            return letter < 0x3a ? letter - 0x30 : letter - 0x57;
        }
    }
}
