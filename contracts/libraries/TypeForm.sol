// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Form} from "./Form.sol";
import {Memory} from "./Memory.sol";

/// @title The form of a descriptor: types that a standard encoder could write.
library TypeForm {
    /// @notice A descriptor of `size` bytes at `p`, whose heads take `words` words.
    function descriptor(uint256 p, uint256 size, uint256 words) internal pure {
        unchecked {
            uint256 end = members(p + 1, Memory.number(p, 1), words, 0);
            if (end != p + size) Form.fail(p);
        }
    }

    /// @dev `count` types, one of which is dynamic, and which take `words` words in the heads.
    function members(uint256 p, uint256 count, uint256 words, uint256 depth) private pure returns (uint256) {
        unchecked {
            uint256 start = p;
            bool dynamic = false;
            for (; count != 0; --count) {
                words -= Arguments.headWords(p);
                if (Memory.number(p, 1) != Arguments.WORDS) dynamic = true;
                p = kind(p, depth);
            }
            if (!(dynamic && words == 0)) Form.fail(start);
            return p;
        }
    }

    function kind(uint256 p, uint256 depth) private pure returns (uint256) {
        unchecked {
            uint256 form = Memory.number(p, 1);
            if (depth >= Form.DEEPEST) Form.fail(p);
            if (form == Arguments.BYTES) return p + 1;
            if (form == Arguments.ARRAY) return kind(p + 1, depth + 1);
            uint256 count = Memory.number(p + 1, 1);
            if (count == 0) Form.fail(p);
            if (form == Arguments.WORDS) return p + 2;
            if (form == Arguments.FIXED_ARRAY) {
                if (Memory.number(p + 2, 1) == Arguments.WORDS) Form.fail(p);
                return kind(p + 2, depth + 1);
            }
            if (form != Arguments.TUPLE) Form.fail(p);
            return members(p + 3, count, Memory.number(p + 2, 1), depth + 1);
        }
    }
}
